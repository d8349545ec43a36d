import winston from 'winston';

/** A winston logger; `child({ requestId })` puts the id on every line. */
export type Log = winston.Logger;

/** How a process logs. */
export interface LogOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'pretty' | 'json';
}

const SECRET =
  /cookie|authorization|password|secret|api[_-]?key|prompt$|^text$|^content$|^answer$/i;

/** Masks the values of fields whose names say that they hold secrets or the user's words. */
export function redact(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return { message: value.message, stack: value.stack };
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

/** The logger of one process. Lines go to stderr: stdout belongs to what a command prints. */
export function createLogger(processName: string, options: LogOptions): Log {
  return winston.createLogger({
    level: options.level,
    defaultMeta: { process: processName },
    format: winston.format.combine(
      redacted(),
      winston.format.timestamp(),
      options.format === 'json' ? winston.format.json() : readable,
    ),
    transports: [
      new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] }),
    ],
  });
}
