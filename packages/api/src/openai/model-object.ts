import { type ModelInfo } from '@aistudio/core';

/** One element of `GET /v1/models`: OpenAI's four fields, then ours. Limits are in tokens. */
export interface ModelObject {
  readonly id: string;
  readonly object: 'model';
  /** Epoch seconds. */
  readonly created: number;
  readonly owned_by: 'google';
  readonly display_name: string;
  readonly description: string | null;
  readonly aliases: readonly string[];
  readonly context_window: number | null;
  readonly max_output_tokens: number | null;
  readonly thinking: ModelInfo['thinking'];
}

/** AI Studio does not say when a model was made: `listedAt`, epoch ms, stands in. */
export const toModelObject = (model: ModelInfo, listedAt: number): ModelObject => ({
  id: model.id,
  object: 'model',
  created: Math.floor(listedAt / 1000),
  owned_by: 'google',
  display_name: model.displayName,
  description: model.description ?? null,
  aliases: model.aliases,
  context_window: model.inputTokenLimit ?? null,
  max_output_tokens: model.outputTokenLimit ?? null,
  thinking: model.thinking,
});
