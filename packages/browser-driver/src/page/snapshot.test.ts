import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { PageError } from './page-error.ts';
import { builtInKnowledge } from './page-knowledge.ts';
import { takeSnapshot } from './snapshot.ts';
import { type StudioPage } from './studio-page.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snapshots-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Takes a snapshot of a page; gives what its picture covers and its report. */
async function snapshotOf(error: PageError): Promise<{ covered: string; report: string }> {
  let covered = '';
  const page = {
    locator: (css: string) => {
      covered = css;
    },
    getByText: () => undefined,
    screenshot: async () => Buffer.from('a picture'),
  };
  const kit = {
    knowledge: builtInKnowledge.current,
    run: async () => ({ html: '<p>', alternates: {} }),
  };
  const kept = await takeSnapshot({
    folder,
    page: { page, kit } as unknown as StudioPage,
    recorder: { console: [], network: [] },
    error,
  });
  return { covered, report: await readFile(join(kept ?? '', 'report.json'), 'utf8') };
}

describe('a snapshot', () => {
  it('covers the names of attached files in its picture, beside everyone’s words', async () => {
    const { covered } = await snapshotOf(new PageError('press Run', 'the button is missing'));
    const { table } = builtInKnowledge.current;
    for (const name of ['attachedMedia', 'turn', 'promptInput', 'systemInput'] as const) {
      const ways = table[name].filter((way) => typeof way === 'string');
      expect(ways.length).toBeGreaterThan(0);
      for (const way of ways) expect(covered).toContain(way);
    }
  });

  it('reports a failure without the words that it quotes to its client', async () => {
    const logged = 'AI Studio refused a file.';
    const words = 'Unsupported file type: my diary.xyz';
    const { report } = await snapshotOf(new PageError('attach files', words, { logged }));
    expect(report).toContain(logged);
    expect(report).not.toContain('diary');
  });
});
