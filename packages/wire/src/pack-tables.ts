import { type PagePack } from '@aistudio/core';

import { type WirePositions, wirePositions } from './positions.ts';
import { type Rpc, type RpcNames, rpcNames } from './rpc.ts';

type PackTables = Pick<PagePack, 'rpcs' | 'positions'>;
type Position = number | readonly number[];

const isRpc = (name: string): name is Rpc => Object.hasOwn(rpcNames, name);

/** The built-in positions, by group and field. */
const known: Readonly<Record<string, Readonly<Record<string, Position>>>> = wirePositions;

/** What page packs say in front of the built-in tables; the first pack wins. */
export function toWireTables(packs: readonly PackTables[]): {
  names: RpcNames;
  positions: WirePositions;
} {
  const names: Record<Rpc, string> = { ...rpcNames };
  const positions: Record<string, Record<string, Position>> = Object.fromEntries(
    Object.entries(known).map(([group, fields]) => [group, { ...fields }]),
  );
  for (const pack of packs.toReversed()) {
    for (const [rpc, name] of Object.entries(pack.rpcs ?? {})) if (isRpc(rpc)) names[rpc] = name;
    for (const [group, fields] of Object.entries(pack.positions ?? {})) {
      for (const [field, position] of Object.entries(fields)) {
        const old = positions[group];
        if (old && isSameKind(old[field], position)) old[field] = position;
      }
    }
  }
  return {
    names,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- same groups, fields and kinds as the table it was made of
    positions: positions as unknown as WirePositions,
  };
}

/** What of a pack is about no call or field that there is, by path. */
export function checkWireTables({ rpcs = {}, positions = {} }: PackTables): string[] {
  const unknownCalls = Object.keys(rpcs)
    .filter((rpc) => !isRpc(rpc))
    .map(
      (rpc) => `rpcs.${rpc}: there is no such call; known are ${Object.keys(rpcNames).join(', ')}`,
    );
  const wrongFields = Object.entries(positions).flatMap(([group, fields]) =>
    Object.entries(fields).flatMap(([field, position]) => {
      const path = `positions.${group}.${field}`;
      const old = known[group]?.[field];
      if (old === undefined) {
        return [`${path}: there is no such field; \`pnpm run doctor --print-pack\` lists all`];
      }
      const kind = typeof old === 'number' ? 'one position' : 'a list of positions';
      return isSameKind(old, position) ? [] : [`${path}: must be ${kind}`];
    }),
  );
  return [...unknownCalls, ...wrongFields];
}

const isSameKind = (old: Position | undefined, position: Position): boolean =>
  old !== undefined && Array.isArray(old) === Array.isArray(position);
