import { type Log } from '@aistudio/core';

import { parseLogEntry } from '../output/log-entry.ts';
import { print } from '../output/terminal.ts';
import { maskSecrets } from './mask-secrets.ts';

/**
 * Puts what the processes log into one log. What they print is for the person alone: it may be a key
 * that is never shown again.
 */
export function mergeInto(
  log: Log,
): (line: string, output: 'stdout' | 'stderr', name: string) => void {
  return (line, output, name) => {
    if (output === 'stdout') return print(line);
    const other = { level: 'warn', message: maskSecrets(line), process: name };
    log.log(parseLogEntry(line) ?? other);
    return undefined;
  };
}
