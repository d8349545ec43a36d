import { z } from 'zod';

/** One line of a log file, as core's logger writes it; with further fields of its own. */
export const LogEntry = z.looseObject({
  /** ISO 8601 */
  timestamp: z.string(),
  level: z.enum(['error', 'warn', 'info', 'debug']),
  message: z.string(),
  process: z.string(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** Reads a line; undefined when it is not a log entry. */
export function parseLogEntry(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return LogEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // cut off, or something that only looks like one
  }
}

/** Where `pnpm start` logs to unless LOG_FILE says otherwise; from the project's root. */
export const DEFAULT_LOG_FILE = 'logs/app.log';
