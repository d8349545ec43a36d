import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { type LogEntry, parseLogEntry } from './log-entry.ts';

/**
 * Everything that the log files of this folder, rotated ones among them, say of one request, in the
 * order in which it happened. `id` is the request's, with or without what stands before its dash.
 */
export async function readRequestLog(folder: string, id: string): Promise<LogEntry[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log'));
  const found: LogEntry[] = [];
  for (const name of files) {
    const lines = createInterface({ input: createReadStream(join(folder, name)) });
    for await (const line of lines) {
      const entry = line.includes(id) ? parseLogEntry(line) : undefined;
      if (entry && isOf(entry, id)) found.push(entry);
    }
  }
  // lines of the same millisecond stay as they were written
  return found.toSorted((one, other) => Date.parse(one.timestamp) - Date.parse(other.timestamp));
}

/** Also of the job that the request joined, and of what the client calls the request. */
function isOf(entry: LogEntry, id: string): boolean {
  const ids = [entry['requestId'], entry['job'], entry['clientRequestId']];
  return ids.some(
    (known) => typeof known === 'string' && (known === id || known.endsWith(`-${id}`)),
  );
}

/** One entry as a line, with the time since the first: `+   12 ms  api  info  message {…}` */
export function toLine(entry: LogEntry, first: LogEntry): string {
  const { timestamp, level, message, process, requestId, ...fields } = entry;
  const ms = Date.parse(timestamp) - Date.parse(first.timestamp);
  const joined = requestId === first['requestId'] ? {} : { requestId };
  const rest = JSON.stringify({ ...joined, ...fields });
  const detail = rest === '{}' ? '' : ` ${rest}`;
  return `+${String(ms).padStart(6)} ms  ${process.padEnd(14)} ${level.padEnd(5)} ${message}${detail}`;
}
