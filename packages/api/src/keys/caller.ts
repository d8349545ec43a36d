import { z } from 'zod';

/** How much of the queue a key gets where others want it, too: each four times the one before. */
export const KeyPriority = z.enum(['low', 'normal', 'high']);
export type KeyPriority = z.infer<typeof KeyPriority>;

/** Who sent a request, as its key tells. */
export interface Caller {
  /** What its prompts, its limit and its log lines go by; no secret. */
  readonly id: string;
  readonly name: string;
  readonly priority: KeyPriority;
  /** Requests for an answer per minute; undefined: as the server's settings say, 0: any number. */
  readonly requestsPerMinute?: number | undefined;
  /** Whether it may see to keys and to other callers' prompts. */
  readonly isAdmin: boolean;
}

/** Whoever sends no key, or one that is not known, where none is asked for. */
export const ANONYMOUS: Caller = {
  id: 'anonymous',
  name: 'no key',
  priority: 'normal',
  isAdmin: false,
};
