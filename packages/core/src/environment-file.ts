import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

import { configVariables } from './config.ts';

/**
 * The environment to hand on to the processes we start: our own, and from `file` (in `.env` format)
 * what it lacks, but for the names in `except`. A missing file is no fault.
 */
export function readEnvironment(file: string, except: readonly string[] = []): NodeJS.ProcessEnv {
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const taken = Object.entries(written).filter(([name]) => !except.includes(name));
  return { ...Object.fromEntries(taken), ...process.env };
}

/** Names that other programs read from the same file. */
const FOREIGN = /^(AISTUDIO|COMPOSE|DOCKER|NODE|NPM|PNPM|TZ|LANG|LC|DISPLAY|PATH|HOME)(_|$)/;
/** Two names that differ by more letters than this are two names. */
const MAX_TYPOS = 3;

/**
 * What a person should know about the settings in `file`, one sentence each: names that no setting
 * has, and values that the programs which read such files take differently. A missing file is fine.
 */
export function checkEnvironmentFile(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return [...unknownNames(text), ...ambiguousValues(text)];
}

function unknownNames(text: string): string[] {
  const known = configVariables.map(({ name }) => name);
  return Object.keys(parseEnv(text)).flatMap((name) => {
    if (known.includes(name) || FOREIGN.test(name)) return [];
    const [nearest] = known
      .map((candidate) => ({ candidate, typos: countTypos(name, candidate) }))
      .toSorted((one, other) => one.typos - other.typos);
    const isClose = nearest !== undefined && nearest.typos <= MAX_TYPOS;
    const hint = isClose ? ` Did you mean ${nearest.candidate}?` : '';
    return [`.env sets ${name}, which is no setting, so it has no effect.${hint}`];
  });
}

/** Node takes an unquoted # for a comment, compose only behind a blank; compose replaces $NAME. */
const ambiguousValues = (text: string): string[] =>
  text.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const isQuoted = /^'[^']*'(\s|$)/.test(value);
    const isAmbiguous = /^[^\s'"][^\s]*#|^"[^"]*\$|^[^\s'"][^\s#]*\$/.test(value);
    if (name === undefined || isQuoted || !isAmbiguous) return [];
    const example = `${name}='…'`;
    return [
      `.env: the value of ${name} holds # or $, which programs read differently. Put it in single quotes: ${example}`,
    ];
  });

/** How many letters to change, add or drop to make one name from the other (Levenshtein's distance). */
function countTypos(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of Array.from(other).entries()) {
      const replaced = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
