import { describe, expect, it } from '@jest/globals';

import { wirePositions } from './positions.ts';
import { summarizeRequest } from './request-array.ts';
import { type Rpc, rpcNames } from './rpc.ts';
import { secretHeaders, secretPathsOf, withoutSecrets } from './secrets.ts';

const SECRET = 'AIza-planted-secret';
const ALL: readonly Rpc[] = Object.keys(rpcNames).filter((name): name is Rpc => name in rpcNames);

/** A message of strings with the secret at this path. */
function planted([position, ...rest]: readonly number[]): unknown {
  if (position === undefined) return SECRET;
  return Array.from({ length: 18 }, (_, at) => (at === position ? planted(rest) : `field ${at}`));
}

describe('withoutSecrets', () => {
  const places = ALL.flatMap((rpc) =>
    (['request', 'response'] as const).flatMap((side) =>
      secretPathsOf(rpc)[side].map((path) => [rpc, side, path] as const),
    ),
  );

  it.each(places)('bundle §2.1: takes the secret out of %s, %s, %j', (rpc, side, path) => {
    const message = planted(path);
    const kept = withoutSecrets(rpc, side, message, { redacted: '[redacted]' });
    expect(JSON.stringify(message)).toContain(SECRET);
    expect(JSON.stringify(kept)).not.toContain(SECRET);
    expect(JSON.stringify(kept)).toContain('[redacted]');
    expect(kept).toHaveLength(18);
  });

  it('bundle §2.1: knows the API key at GenerateContent [14] and CountTokens [3]', () => {
    expect(secretPathsOf('GenerateContent').request).toContainEqual([14]);
    expect(secretPathsOf('CountTokens').request).toContainEqual([3]);
  });

  it('bundle C17: knows both forms of CountTokens', () => {
    const text = ['models/m', [[[[null, 'hi']], 'user']], null, SECRET];
    const media = ['models/m', null, ['models/m', [], null, []], SECRET];
    for (const form of [text, media]) {
      expect(withoutSecrets('CountTokens', 'request', form)).toEqual([...form.slice(0, 3), null]);
    }
  });

  it('bundle §2.1: knows the header with a person’s API key', () => {
    expect(secretHeaders).toContain('x-aistudio-user-api-key');
    expect(secretHeaders).toEqual(secretHeaders.map((name) => name.toLowerCase()));
  });

  it('leaves alone what has no secret', () => {
    const short = ['models/m', [], null];
    expect(withoutSecrets('GenerateContent', 'request', short)).toBe(short);
    expect(withoutSecrets('GenerateContent', 'request', undefined)).toBeUndefined();
    expect(withoutSecrets('ListModels', 'request', [SECRET])).toEqual([SECRET]);
  });

  it('goes by the table of positions that it is given', () => {
    const positions = { ...wirePositions, countTokens: { apiKey: 5 } };
    const message = planted([5]);
    expect(
      JSON.stringify(withoutSecrets('CountTokens', 'request', message, { positions })),
    ).not.toContain(SECRET);
  });
});

describe('a request’s summary', () => {
  it('bundle §2.1: is the same with and without a key, wherever the page puts one', () => {
    const request = (key: unknown): Buffer =>
      Buffer.from(
        JSON.stringify([
          'models/m',
          [[[[null, 'hi']], 'user']],
          null,
          [],
          '!ATTESTATION',
          null,
          null,
          null,
          null,
          null,
          1,
          null,
          null,
          null,
          key,
          key,
        ]),
      );
    const summary = summarizeRequest(request(SECRET));
    expect(summary).toEqual(summarizeRequest(request(null)));
    expect(JSON.stringify(summary)).not.toMatch(/planted|ATTESTATION/);
  });
});
