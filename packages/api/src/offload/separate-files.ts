import { type FilePart } from '@aistudio/core';

import { type Draft } from '../files/remote-file.ts';

type Piece = Draft['turns'][number]['parts'][number];
/** A plan whose files are numbered, with their bytes elsewhere; some may still have to be fetched. */
export type NumberedPlan = Omit<Draft, 'turns'> & {
  readonly turns: readonly (Omit<Draft['turns'][number], 'parts'> & {
    readonly parts: readonly (Exclude<Piece, { type: 'file' }> | FilePart)[];
  })[];
};

/** Takes the bytes of a plan's files out of it. */
export function separateFiles(draft: Draft): {
  readonly plan: NumberedPlan;
  readonly files: readonly Uint8Array[];
} {
  const files: Uint8Array[] = [];
  const turns = draft.turns.map((turn) => ({
    ...turn,
    parts: turn.parts.map((part) => {
      if (part.type !== 'file') return part;
      const { bytes, ...rest } = part;
      const number = files.push(bytes) - 1;
      return { ...rest, number, size: bytes.length };
    }),
  }));
  return { plan: { ...draft, turns }, files };
}
