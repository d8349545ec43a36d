import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { type DriftResult, startDriftStack } from '../drift-run.ts';
import { survivalTables } from '../drift-table.ts';
import { report } from './size.ts';

/** `DRIFT_SEEDS=1-500`: which seeds. */
const [first = 1, last = 500] = (process.env['DRIFT_SEEDS'] ?? '1-500').split('-').map(Number);
/** How many systems share the work. */
const stacks = Number(process.env['DRIFT_STACKS'] ?? 2);
/** A file that gets each result as a line of JSON. */
const resultsFile = process.env['DRIFT_RESULTS'];
/** A folder that gets, for each seed with a check that was not answered, the log of the system. */
const logFolder = process.env['DRIFT_LOGS'];
/** A Markdown file whose part between the two marks becomes the tables. */
const documentFile = process.env['DRIFT_DOC'];
const MARKS = ['<!-- survival -->', '<!-- /survival -->'] as const;

it(`answers on a changed page or names the step at fault: seeds ${first} to ${last}`, async () => {
  let next = first;
  const results: DriftResult[] = [];
  const work = async (): Promise<void> => {
    await using stack = await startDriftStack();
    while (next <= last) {
      const seed = next++;
      const made = await stack.run(seed);
      results.push(...made);
      const log = stack.log();
      const isAnswered = made.every(({ verdict }) => verdict === 'answered');
      if (logFolder && !isAnswered) {
        const changes = await stack.changes();
        await writeFile(join(logFolder, `${seed}.log`), `${changes.join('\n')}\n\n${log}`);
      }
      if (resultsFile) await appendFile(resultsFile, made.map(toLine).join(''));
    }
  };
  await Promise.all(Array.from({ length: stacks }, work));

  const tables = survivalTables(results);
  report(`${results.length} checks on drifting pages\n${tables}`);
  if (documentFile) await writeInto(documentFile, tables);
  const bad = results.filter(({ verdict }) =>
    ['vague', 'wrong', 'lost', 'twice'].includes(verdict),
  );
  expect(bad).toEqual([]);
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
