import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { deadline, toLogMessage } from '@aistudio/core';

import { type PageError } from './page-error.ts';
import { type PageRecorder } from './page-recorder.ts';
import { type StudioPage } from './studio-page.ts';

/** How many snapshots are kept. */
const KEPT = 50;
/** Longest time to look at a page in trouble, and to take its picture, ms. */
const LOOK_MS = 5000;
const PICTURE_MS = 3000;

/** Where and of what a snapshot is. */
export interface SnapshotOptions {
  readonly folder: string;
  readonly page: StudioPage;
  readonly recorder: PageRecorder;
  readonly error: PageError;
}

/**
 * Keeps the evidence of a page that defeated us, in a folder of its own: a picture and the HTML, in
 * which secrets and everyone's words are masked; what its scripts reported and what it asked the
 * network; which selectors find nothing. Gives the folder; undefined when the page is gone.
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<string | undefined> {
  const { folder, page, recorder, error } = options;
  using limit = deadline(LOOK_MS);
  const looking = page.kit.run(
    'look at the page',
    (kit) => kit.evidence(),
    undefined,
    limit.signal,
  );
  const evidence = await looking.catch(() => undefined); // a page that died shows nothing
  if (!evidence) return undefined;
  const picture = await takePicture(page).catch(() => undefined);
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const step = error.step.replaceAll(/\W+/g, '-').toLowerCase();
  const title = `${time}-${step}-${randomBytes(2).toString('hex')}`;
  const own = join(folder, title);
  const unfinished = join(folder, `.${title}`); // a snapshot is there whole or not at all
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const { html, alternates } = evidence;
  const report = {
    at: new Date().toISOString(),
    step: error.step,
    message: toLogMessage(error),
    pagePacks: { names: page.kit.knowledge.packs, digest: page.kit.knowledge.digest },
    selectorsThatFindNothing: Object.keys(alternates).filter((name) => alternates[name] === null),
    selectorsByAlternate: alternates,
    console: recorder.console,
    network: recorder.network,
  };
  const only = { mode: 0o600 };
  await Promise.all([
    writeFile(join(unfinished, 'page.html'), html, only),
    writeFile(join(unfinished, 'report.json'), `${JSON.stringify(report, null, 2)}\n`, only),
    ...(picture ? [writeFile(join(unfinished, 'page.png'), picture, only)] : []),
  ]);
  await rename(unfinished, own);
  await forgetOldest(folder);
  return own;
}

/** Parts of the page with words of a person or the model, or with the account's name. */
const COVERED = [
  'account',
  'turn',
  'promptInput',
  'attachedMedia',
  'systemCard',
  'systemInput',
  'stopRemove',
] as const;

/** A picture in which everyone's words are covered, and any e-mail address. */
async function takePicture({ page, kit }: StudioPage): Promise<Buffer> {
  const { table } = kit.knowledge;
  const css = COVERED.flatMap((name) => table[name].filter((way) => typeof way === 'string'));
  const mask = [
    page.locator(['textarea', '[data-turn-role]', ...css].join(', ')),
    page.getByText(/\S@\S+\.\S/),
  ];
  return page.screenshot({ mask, maskColor: '#888888', timeout: PICTURE_MS });
}

/** Snapshots begin with their time, so the order of their names is their age. */
async function forgetOldest(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const snapshots = entries.filter((entry) => entry.isDirectory() && /^\d{4}-/.test(entry.name));
  const names = snapshots.map(({ name }) => name).toSorted();
  const old = names.slice(0, Math.max(0, names.length - KEPT));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
