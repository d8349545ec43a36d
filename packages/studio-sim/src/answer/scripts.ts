import { z } from 'zod';

import { type DecodedRequest } from '../wire/request-array.ts';
import { Directive } from './directive.ts';

/** Answers for requests that cannot carry an `@sim` line (packages/studio-sim/README.md). */
export const Script = z.strictObject({
  /** Which requests: those whose contents hold this text. */
  match: z.string().min(1),
  /** The k-th such request gets step k; the last repeats. */
  steps: z.array(Directive).min(1),
  /** Only requests that declare functions count; others get a short text. */
  whenTools: z.boolean().default(false),
});
export type Script = z.infer<typeof Script>;

/** The scripts posted to the control port, and how far each has come. */
export interface ScriptStore {
  add(script: Script): void;
  clear(): void;
  /** The next step of the newest script that matches, if one does. */
  next(request: DecodedRequest): Directive | undefined;
}

/** An empty store. */
export function createScriptStore(): ScriptStore {
  const running: { readonly script: Script; served: number }[] = [];
  return {
    add: (script) => void running.unshift({ script, served: 0 }),
    clear: () => void running.splice(0),
    next(request) {
      const found = running.find(({ script }) => request.text.includes(script.match));
      if (!found) return undefined;
      const { steps, whenTools } = found.script;
      if (whenTools && request.tools.functions.length === 0) return { text: 'A short text.' };
      const step = steps[Math.min(found.served, steps.length - 1)];
      found.served += 1;
      return step;
    },
  };
}
