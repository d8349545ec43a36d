import { StudioError } from './errors.ts';

/** What Redis answers while it takes no writes, or nothing at all, by how its message begins. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/\bOOM\b/, 'its memory is full (maxmemory)'],
  [/\bMISCONF\b/, 'it cannot write to its disk, which may be full'],
  [/\bREADONLY\b/, 'it is a replica that takes no writes'],
  [/\bLOADING\b/, 'it is still loading its data'],
  [/\b(NOREPLICAS|MASTERDOWN|CLUSTERDOWN)\b/, 'it has lost its other instances'],
];

/** What ioredis says of a command that was not answered in its time. */
const UNANSWERED = 'Command timed out';

/**
 * `not_ready` when this is Redis saying that it cannot do its work at present; undefined when it is
 * anything else.
 */
export function toRedisFailure(error: unknown): StudioError | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = causeOf(error);
  if (cause === undefined) return undefined;
  return new StudioError(
    'not_ready',
    `Redis cannot take the request: ${cause}. Try again once that is put right.`,
    { cause: error, retryAfterSeconds: 5 },
  );
}

function causeOf({ name, message }: Error): string | undefined {
  if (message === UNANSWERED) return 'it does not answer';
  return name === 'ReplyError' ? CAUSES.find(([words]) => words.test(message))?.[1] : undefined;
}
