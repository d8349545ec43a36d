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
  readonly modalities: { readonly input: readonly string[]; readonly output: readonly string[] };
  readonly thinking: ModelInfo['thinking'];
  /** Marked as being for a paid API key or a subscription. */
  readonly paid_only: boolean;
  /** The model that AI Studio begins a new chat with. */
  readonly is_default: boolean;
}

/** Capability codes of the model list for what a model puts out (wire-format.md §9, index 64). */
const OUTPUTS: readonly [code: number, modality: string][] = [
  [20, 'video'],
  [21, 'image'],
  [37, 'audio'],
  [53, 'audio'],
];
const CHAT = 1;

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
  modalities: modalitiesOf(model),
  thinking: model.thinking,
  paid_only: model.paidOnly,
  is_default: model.isDefault ?? false,
});

/** The list does not say what a model takes: for those that chat, what the page's upload takes. */
function modalitiesOf({ capabilities }: ModelInfo): ModelObject['modalities'] {
  const canChat = capabilities.length === 0 || capabilities.includes(CHAT);
  const output = OUTPUTS.flatMap(([code, modality]) =>
    capabilities.includes(code) ? [modality] : [],
  );
  return {
    input: canChat ? ['text', 'image', 'audio', 'video', 'file'] : ['text'],
    output: [...new Set([...(canChat ? ['text'] : []), ...output])],
  };
}
