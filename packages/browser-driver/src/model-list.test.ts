import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ErrorRecord, type ModelInfo, StudioError, toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { explainPaidModel, findModel, readExcludedModels } from './model-list.ts';

const model = (id: string, aliases: string[] = []): ModelInfo => ({
  id,
  displayName: id,
  aliases,
  methods: [],
  capabilities: [],
  thinking: { type: 'none' },
  paidOnly: false,
});

describe('findModel', () => {
  const list = [model('a', ['b']), model('b'), model('c', ['d'])];

  it('knows a model by its id before it goes by aliases', () => {
    expect(findModel(list, 'b')?.id).toBe('b');
    expect(findModel(list, 'd')?.id).toBe('c');
  });

  it('says what is missing, but not while there is no list', () => {
    expect(() => findModel(list, 'x')).toThrow("no 'x'");
    expect(findModel(undefined, 'x')).toBeUndefined();
  });
});

describe('explainPaidModel', () => {
  const refused = (message: string, code: 'upstream_error' | 'rate_limit_exceeded'): ErrorRecord =>
    toErrorRecord(new StudioError(code, message));
  const paid = { ...model('a'), paidOnly: true };

  it('bundle §2.4: says that a refused model is behind a key or a subscription', () => {
    const denied = refused('AI Studio answered: permission denied.', 'upstream_error');
    expect(explainPaidModel(denied, paid)).toMatchObject({
      status: 400,
      code: 'invalid_value',
      param: 'model',
      message: expect.stringMatching(/'a'.*subscription.*permission denied/),
    });
  });

  it('leaves other failures and other models alone', () => {
    const denied = refused('AI Studio answered: permission denied.', 'upstream_error');
    const quota = refused('No billing, no quota.', 'rate_limit_exceeded');
    const broken = refused('Internal error.', 'upstream_error');
    expect(explainPaidModel(denied, model('a'))).toBe(denied);
    expect(explainPaidModel(denied, undefined)).toBe(denied);
    expect(explainPaidModel(quota, paid)).toBe(quota);
    expect(explainPaidModel(broken, paid)).toBe(broken);
  });
});

describe('readExcludedModels', () => {
  it('reads one id a line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'excluded-'));
    const file = join(folder, 'excluded.txt');
    await writeFile(file, '# old ones\nmodels/gemini-a\r\n\n gemini-b # slow\n');
    expect([...readExcludedModels(file)]).toEqual(['gemini-a', 'gemini-b']);
    expect(readExcludedModels(undefined).size).toBe(0);
    await rm(folder, { recursive: true });
  });
});
