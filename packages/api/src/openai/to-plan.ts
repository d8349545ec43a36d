import { type ModelInfo } from '@aistudio/core';

import { type ChatRequest } from './chat-request.ts';
import { requireUsable } from './find-model.ts';
import { ignoredParams, refuseUnsupported } from './ignored-params.ts';
import { type Draft } from './remote-file.ts';
import { type SettingDefaults, toSettings } from './to-settings.ts';
import { toTurns } from './to-turns.ts';

/** A plan but for the files to be fetched, and what the client should know about the way there. */
export interface Planned {
  readonly plan: Draft;
  /** Parameters without effect, for `x-ignored-params`. */
  readonly ignored: readonly string[];
  /** Values that were changed, for `x-aistudio-warnings`. */
  readonly warnings: readonly string[];
}

/**
 * What to do on the page for this request. Throws `invalid_value` or `unsupported_parameter` that
 * names the parameter: a request that can never run must fail before it queues (E-08).
 */
export function toPlan(request: ChatRequest, model: ModelInfo, defaults: SettingDefaults): Planned {
  requireUsable(model);
  refuseUnsupported(request);
  const { settings, ignored, warnings } = toSettings(request, model, defaults);
  return {
    plan: { model: model.id, turns: toTurns(request.messages), settings },
    ignored: [...ignored, ...ignoredParams(request)],
    warnings,
  };
}
