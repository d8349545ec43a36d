import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { loadConfig, readEnvironment } from '@aistudio/core';

import { DEFAULT_LOG_FILE } from '../output/log-entry.ts';
import { readRequestLog, toLine } from '../output/request-log.ts';
import { print, tell } from '../output/terminal.ts';
import { root } from '../setup/setup.ts';

const USAGE = 'Usage: pnpm logs REQUEST_ID   (the header x-request-id, or the id of the answer)';

/** `pnpm logs REQUEST_ID`: one request's whole way, from the API to the page and the proxy and back. */
async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw new Error(USAGE);
  const { LOG_FILE } = loadConfig(readEnvironment(join(root, '.env')));
  const folder = dirname(resolve(root, LOG_FILE ?? DEFAULT_LOG_FILE));
  const entries = await readRequestLog(folder, id).catch(() => []); // no folder: nothing logged yet
  const [first] = entries;
  if (!first) throw new Error(`The log files in ${folder} say nothing of ${id}.`);
  print(`${String(first['requestId'])}, ${first.timestamp}`);
  for (const entry of entries) print(toLine(entry, first));
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
