/** Decisions that depend on a seed and on what they are about, never on the order they are asked in. */
export interface Chance {
  /** A number from 0 to below 1 for this subject. */
  of(...subject: readonly string[]): number;
  /** One of these for this subject. */
  pick<T>(from: readonly [T, ...T[]], ...subject: readonly string[]): T;
}

/** Chance by FNV-1a over seed and subject, with a final mix that spreads short subjects. */
export function createChance(seed: number): Chance {
  const of = (...subject: readonly string[]): number => {
    let hash = 0x81_1c_9d_c5;
    for (const character of `${seed}\u0000${subject.join('\u0000')}`) {
      hash ^= character.codePointAt(0) ?? 0;
      hash = Math.imul(hash, 0x01_00_01_93);
    }
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85_eb_ca_6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2_b2_ae_35);
    hash ^= hash >>> 16;
    return (hash >>> 0) / 2 ** 32;
  };
  return {
    of,
    pick: (from, ...subject) => from[Math.floor(of(...subject, 'pick') * from.length)] ?? from[0],
  };
}
