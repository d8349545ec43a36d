import { type Log, type ModelInfo } from '@aistudio/core';
import { isModelRpc, type ModelRpc, type WireTables } from '@aistudio/wire';

import { Backgrounds, CreateInteractionTap, GetInteractionStreamTap } from './background-taps.ts';
import { CallRecord } from './call-record.ts';
import { type Capture } from './capture.ts';
import { type OpenTap } from './interceptor.ts';
import { ModelsTap } from './models-tap.ts';
import { rpcOf } from './rpc.ts';
import { AnswerTap } from './tap.ts';

/**
 * Taps the calls to a model and ListModels into the capture streams of their slots. `jobOf` says which
 * job a slot works on, for the log; it never throws. `tables` is looked at for each call.
 */
export function createTaps(
  capture: Capture,
  jobOf: (slot: string) => Promise<string | undefined>,
  log: Log,
  tables: WireTables = {},
): OpenTap {
  const backgrounds = new Backgrounds();
  const record = (slot: string, rpc: ModelRpc): CallRecord => {
    backgrounds.abandon(slot);
    const exchange = capture.begin(slot);
    return new CallRecord({
      rpc,
      exchange,
      requestId: jobOf(slot),
      positions: tables.positions,
      log: log.child({ slot }),
    });
  };

  return ({ slot, method, url }) => {
    const rpc = rpcOf(method, url, tables.names);
    if (rpc === 'GetInteractionStream') return new GetInteractionStreamTap(slot, backgrounds);
    if (rpc === 'CreateInteraction') {
      return new CreateInteractionTap(slot, record(slot, rpc), backgrounds);
    }
    if (isModelRpc(rpc)) return new AnswerTap(rpc, record(slot, rpc));
    if (rpc !== 'ListModels') return undefined;
    const write = (models: ModelInfo[]): void => capture.writeModels(slot, models);
    return new ModelsTap(write, log.child({ slot }), tables.positions);
  };
}
