import { type Log } from '@aistudio/core';

import { type Capture } from './capture.ts';
import { type OpenTap } from './interceptor.ts';
import { ModelsTap } from './models-tap.ts';
import { rpcOf } from './rpc.ts';
import { GenerateContentTap } from './tap.ts';

/**
 * Taps GenerateContent and ListModels into the capture streams of their slots. `jobOf` says which job
 * a slot works on, for the log; it never throws.
 */
export function createTaps(
  capture: Capture,
  jobOf: (slot: string) => Promise<string | undefined>,
  log: Log,
): OpenTap {
  return ({ slot, method, url }) => {
    const slotLog = log.child({ slot });
    switch (rpcOf(method, url)) {
      case 'GenerateContent':
        return new GenerateContentTap(capture.begin(slot), jobOf(slot), slotLog);
      case 'ListModels':
        return new ModelsTap((models) => capture.writeModels(slot, models), slotLog);
      case undefined:
        break;
    }
    return undefined;
  };
}
