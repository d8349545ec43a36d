import { parseArgs, type ParseArgsConfig } from 'node:util';

/** What the documentation's examples use of curl; the rest is refused. */
const OPTIONS = {
  data: { type: 'string', short: 'd', multiple: true },
  header: { type: 'string', short: 'H', multiple: true },
  'no-buffer': { type: 'boolean', short: 'N' }, // each piece is written as it comes anyway
  request: { type: 'string', short: 'X' },
  'show-error': { type: 'boolean', short: 'S' },
  silent: { type: 'boolean', short: 's' },
} as const satisfies ParseArgsConfig['options'];

/**
 * Sends one request as curl does, for a machine that has no curl. Gives curl's exit code: 7 for a
 * server that cannot be reached. Throws when the command line is wrong.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const { data, header: lines = [], request: method = data ? 'POST' : 'GET' } = values;
  const [url, second] = positionals;
  if (url === undefined || second !== undefined) throw new Error('One address is needed.');

  const headers = new Headers(data ? { 'content-type': 'application/x-www-form-urlencoded' } : {});
  for (const line of lines) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`${line} is no header.`);
    headers.set(name, value);
  }
  try {
    const { body } = await fetch(url, { method, headers, body: data?.join('&') ?? null });
    if (body) for await (const piece of body) process.stdout.write(piece);
    return 0;
  } catch (error) {
    if (!values.silent || values['show-error']) fail(7, error);
    return 7;
  }
}

const fail = (code: number, error: unknown): void =>
  void process.stderr.write(`curl: (${code}) ${String(error)}\n`);

process.exitCode = await main().catch((error: unknown) => {
  fail(2, error);
  return 2;
});
