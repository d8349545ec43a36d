import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { type DriftResult } from '../support/drift-run.ts';
import { namedSeeds, runSeeds, unacceptable } from '../support/drift-seeds.ts';
import { survivalTables } from '../support/drift-table.ts';
import { report } from './size.ts';

/** `DRIFT_SEEDS=1-500`: which seeds. */
const { first, last } = namedSeeds('1-500');
/** How many systems share the work. */
const stacks = Number(process.env['DRIFT_STACKS'] ?? 4);
/** A file that gets each result as a line of JSON. */
const resultsFile = process.env['DRIFT_RESULTS'];
/** A folder that gets, for each seed with a check that was not answered, the log of the system. */
const logFolder = process.env['DRIFT_LOGS'];
/** A Markdown file whose part between the two marks becomes the tables. */
const documentFile = process.env['DRIFT_DOC'];
const MARKS = ['<!-- survival -->', '<!-- /survival -->'] as const;

it(`answers on a changed page or names the step at fault: seeds ${first} to ${last}`, async () => {
  const all: DriftResult[] = [];
  await runSeeds({
    first,
    last,
    stacks,
    async onResult({ seed, results, changes, log }) {
      all.push(...results);
      if (resultsFile) await appendFile(resultsFile, results.map(toLine).join(''));
      if (!logFolder || changes.length === 0) return;
      await writeFile(join(logFolder, `${seed}.log`), `${changes.join('\n')}\n\n${log}`);
    },
  });

  const tables = survivalTables(all);
  report(`${all.length} checks on drifting pages\n${tables}`);
  if (documentFile) await writeInto(documentFile, tables);
  expect(unacceptable(all)).toEqual([]);
});

const toLine = (result: DriftResult): string => `${JSON.stringify(result)}\n`;

async function writeInto(file: string, tables: string): Promise<void> {
  const [start, end] = MARKS;
  const text = await readFile(file, 'utf8');
  const [head, rest] = text.split(start);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${file} lacks ${start}`);
  await writeFile(file, `${head}${start}\n\n${tables}\n\n${end}${tail}`);
}
