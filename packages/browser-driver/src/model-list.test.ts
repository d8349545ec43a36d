import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ModelInfo } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { findModel, readExcludedModels } from './model-list.ts';

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
  const list = JSON.stringify({
    at: 0,
    models: [model('a', ['b']), model('b'), model('c', ['d'])],
  });

  it('knows a model by its id before it goes by aliases', () => {
    expect(findModel(list, 'b')?.id).toBe('b');
    expect(findModel(list, 'd')?.id).toBe('c');
  });

  it('says what is missing, but not while there is no list', () => {
    expect(() => findModel(list, 'x')).toThrow("no 'x'");
    expect(findModel(null, 'x')).toBeUndefined();
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
