import { type KeyPriority } from '../keys/caller.ts';

/** What one prompt moves its key's next one back by. */
const COST: Readonly<Record<KeyPriority, number>> = { high: 1, normal: 4, low: 16 };

/** How many normal prompts that come later may still go before a background prompt. */
const BACKGROUND_YIELDS = 8;

/** BullMQ's highest number; beyond it, after half a million prompts without a pause, first come is first served. */
const LAST = 2 ** 21 - 1;

/** A prompt that waits or runs. */
export interface Placed {
  /** Id of the caller whose it is. */
  readonly owner: string;
  readonly isBackground: boolean;
  /** Its number: lower ones run first, equal ones as they came. */
  readonly order: number;
}

/** A prompt that is to get its number. */
export interface Newcomer extends Omit<Placed, 'order'> {
  readonly priority: KeyPriority;
}

/**
 * The number of a newcomer, so that keys take turns, each as often as its priority says, however much
 * one of them asks for (self-clocked fair queuing). Time is the number of what runs: a prompt comes one
 * cost after that, or after its own key's last one. So a key alone is served as it comes; one that
 * floods the queue stands behind itself, not before others; and time passes for whatever waits, so
 * that nothing waits for ever. A background prompt comes after all real ones of its key that wait,
 * and lets a bounded number of later ones go before it.
 */
export function toOrder(
  running: readonly Placed[],
  waiting: readonly Placed[],
  { owner, isBackground, priority }: Newcomer,
): number {
  const [first] = waiting;
  const now = running.length > 0 ? Math.max(...running.map(({ order }) => order)) : first?.order;
  const lastOf = (ofBackground: boolean): number =>
    [...running, ...waiting].reduce(
      (last, one) =>
        one.owner === owner && one.isBackground === ofBackground ? Math.max(last, one.order) : last,
      now ?? 0,
    );
  const real = lastOf(false);
  const start = isBackground
    ? Math.max(real + BACKGROUND_YIELDS * COST.normal, lastOf(true))
    : real;
  return Math.min(start + COST[priority], LAST);
}

/**
 * Whether the queue takes one more prompt of this owner. A full one takes those of who has less than
 * an equal share of its places, and at least one place, so that nobody can keep others out by filling it.
 */
export function hasRoom(waiting: readonly Placed[], owner: string, limit: number): boolean {
  if (waiting.length < limit) return true;
  const own = waiting.filter((one) => one.owner === owner).length;
  const owners = new Set([...waiting.map((one) => one.owner), owner]);
  return own < Math.max(1, Math.floor(limit / owners.size));
}
