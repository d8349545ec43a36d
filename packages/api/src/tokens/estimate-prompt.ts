import { type Draft } from '../files/remote-file.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { fileTokens, IMAGE_TOKENS, isReadForTokens } from './file-tokens.ts';

type Piece = Draft['turns'][number]['parts'][number];

/** A plan as far as its prompt's tokens are counted: what need not be read of its files is left out. */
export type Countable = Pick<Draft, 'settings'> & {
  readonly turns: readonly { readonly parts: readonly CountablePart[] }[];
};
type CountablePart =
  | Exclude<Piece, { type: 'file' }>
  | {
      readonly type: 'file';
      readonly mimeType: string;
      readonly size: number;
      readonly bytes: Uint8Array | undefined;
    };

/** What {@link estimatePrompt} needs of a plan. */
export const toCountable = ({ turns, settings }: Draft): Countable => ({
  settings,
  turns: turns.map(({ parts }) => ({
    parts: parts.map((part): CountablePart => {
      if (part.type !== 'file') return part;
      const { type, mimeType, bytes } = part;
      return {
        type,
        mimeType,
        size: bytes.length,
        bytes: isReadForTokens(mimeType) ? bytes : undefined,
      };
    }),
  })),
});

/** How many tokens a plan's prompt has, its files and declarations included. */
export function estimatePrompt({
  turns,
  settings: { functions, structuredOutput },
}: Countable): number {
  const parts = turns.flatMap((turn) => turn.parts);
  const declared = [...functions, structuredOutput?.schema].filter((one) => one !== undefined);
  return [
    ...parts.map(partTokens),
    ...declared.map((one) => estimateTokens(JSON.stringify(one))),
  ].reduce((sum, tokens) => sum + tokens, 0);
}

function partTokens(part: CountablePart): number {
  if (part.type === 'remote_file') return IMAGE_TOKENS; // never fetched here; most are images
  if (part.type === 'file') {
    const { mimeType, size, bytes } = part;
    return fileTokens(mimeType, size, () => Buffer.from(bytes ?? []));
  }
  if (part.type === 'tool_call') return estimateTokens(`${part.name} ${part.arguments}`);
  return estimateTokens(part.text);
}
