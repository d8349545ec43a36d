import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NO_PACKS, type PagePack, parsePagePack } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { checkElements } from './check-pack.ts';
import { COMPLAINTS } from './complaint-table.ts';
import { openKnowledge, toKnowledge } from './page-knowledge.ts';
import { selectors } from './selectors.ts';

const pack = (name: string, rest: object): PagePack =>
  parsePagePack(JSON.stringify({ version: 1, name, ...rest }));

describe('what is known of the page', () => {
  it('is what is built in where there is no pack', () => {
    expect(toKnowledge(NO_PACKS).table).toEqual(selectors);
  });

  it('has the alternates of packs in front, the first pack first, and loses nothing built in', () => {
    const packs = [
      pack('new', { selectors: { runButton: ['a', { css: 'b', name: '^go' }] } }),
      pack('old', { selectors: { runButton: ['c'], newChat: ['d'] } }),
    ];
    const { table, origins } = toKnowledge({ packs, digest: 'x' });
    expect(table.runButton).toEqual(['a', { css: 'b', name: '^go' }, 'c', ...selectors.runButton]);
    expect(table.newChat).toEqual(['d', ...selectors.newChat]);
    expect(table.promptInput).toEqual(selectors.promptInput);
    expect(origins).toEqual({ runButton: ['new', 'new', 'old'], newChat: ['old'] });
  });

  it('finds by the labels of another language what it finds by an English one', () => {
    const labels = { newChat: ['Neuer Chat (leer)'] };
    const packs = [pack('de', { texts: { de: { labels } } })];
    const { table } = toKnowledge({ packs, digest: 'x' });
    expect(table.newChat[0]).toMatchObject({ name: '^Neuer Chat \\(leer\\)' });
  });

  it('has the sentences of every language', () => {
    const complaint = { words: 'kontingent', code: 'rate_limit_exceeded' };
    const packs = [pack('de', { texts: { de: { complaints: [complaint] } } })];
    const { complaints } = toKnowledge({ packs, digest: 'x' });
    expect(complaints[0]).toMatchObject({ ...complaint, where: 'anywhere' });
    expect(complaints.slice(1)).toEqual(COMPLAINTS);
  });

  it('changes with the file, and says what the browser did not understand until it does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aistudio-pack-'));
    const path = join(folder, 'pack.json');
    const write = (css: string): Promise<void> =>
      writeFile(path, JSON.stringify(pack('fix', { selectors: { runButton: [css] } })));
    try {
      await write('a[');
      using knowledge = await openKnowledge({ path, log: silentLog });
      expect(knowledge.current.table.runButton[0]).toBe('a[');
      knowledge.refuse(knowledge.current.digest, ['selectors.runButton: not CSS']);
      expect(knowledge.status()).toMatchObject({
        packs: ['fix'],
        problems: ['selectors.runButton: not CSS'],
      });
      await write('button.a');
      await knowledge.refresh();
      expect(knowledge.current.table.runButton[0]).toBe('button.a');
      expect(knowledge.status().problems).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('checkElements', () => {
  it('takes every element there is', () => {
    expect(checkElements(pack('all', { selectors }))).toEqual([]);
  });

  it('names what there is not, and what was probably meant', () => {
    const faults = checkElements(
      pack('bad', {
        selectors: { runButon: ['a'], somethingElse: ['b'] },
        texts: { de: { labels: { newChatt: ['c'], turn: ['d'] } } },
      }),
    );
    expect(faults).toEqual([
      'selectors.runButon: there is no such element; did you mean runButton?',
      'selectors.somethingElse: there is no such element; `pnpm run doctor --print-pack` lists all names',
      'texts.de.labels.newChatt: there is no such element; did you mean newChat?',
      'texts.de.labels.turn: this element is not found by a label; give it under selectors',
    ]);
  });
});
