import winston from 'winston';

import { toLogMessage } from './errors.ts';
import { LogFile } from './log-file.ts';
import { createRepeatFilter } from './log-repeats.ts';

/** A winston logger; `child({ requestId })` puts the id on every line. */
export type Log = winston.Logger;

/** How a process logs. */
export interface LogOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'pretty' | 'json';
  /** LOG_FILE: where the lines go as well, as JSON. */
  readonly file?: string | undefined;
}

const SECRET =
  /cookie|authorization|password|secret|api[_-]?key|prompt$|^text$|^content$|^answer$/i;

/** Masks the values of fields whose names say that they hold secrets or the user's words. */
export function redact(value: unknown, depth = 0): unknown {
  if (value instanceof Error) {
    const message = toLogMessage(value);
    return { message, stack: value.stack?.replace(value.message, () => message) };
  }
  if (value === null || typeof value !== 'object' || depth > 5) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET.test(key) && item !== undefined ? '***' : redact(item, depth + 1),
    ]),
  );
}

const redacted = winston.format((info) => {
  for (const key of Object.keys(info)) {
    if (key === 'level' || key === 'message' || key === 'timestamp') continue;
    info[key] = SECRET.test(key) ? '***' : redact(info[key]);
  }
  return info;
});

const readable = winston.format.printf((info) => {
  const { timestamp, level, message, process: name, requestId, ...fields } = info;
  const id = typeof requestId === 'string' ? ` [${requestId}]` : '';
  const rest = Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`;
  return `${String(timestamp)} ${level.padEnd(5)} ${String(name)}${id} ${String(message)}${rest}`;
});

const withoutRepeats = (): winston.Logform.Format => {
  const filter = createRepeatFilter();
  return { transform: (info) => filter(info) ?? false };
};

/** When it was said; what another process said has its time already. */
const timed = winston.format((info) => {
  info['timestamp'] ??= new Date().toISOString();
  return info;
});

/**
 * The logger of one process; without a name, one for lines that say themselves whose they are. Lines
 * go to stderr: stdout belongs to what a command prints.
 */
export function createLogger(processName: string | undefined, options: LogOptions): Log {
  const { level, format, file } = options;
  const json = winston.format.json();
  const log = winston.createLogger({
    level,
    ...(processName === undefined ? {} : { defaultMeta: { process: processName } }),
    format: winston.format.combine(withoutRepeats(), redacted(), timed()),
    transports: [
      new winston.transports.Console({
        stderrLevels: ['error', 'warn', 'info', 'debug'],
        format: format === 'json' ? json : readable,
      }),
      ...(file === undefined ? [] : [new LogFile(file, json)]),
    ],
  });
  log.on('error', () => undefined); // a terminal that is gone must not end us
  return log;
}
