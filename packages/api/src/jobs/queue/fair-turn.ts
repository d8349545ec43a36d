import { type KeyPriority } from '../../keys/caller.ts';

/** How far one prompt moves its key's next one back. */
export const COST: Readonly<Record<KeyPriority, number>> = { high: 1, normal: 4, low: 16 };

/** How far a background prompt stands behind the real ones of its key: eight normal prompts. */
const BACKGROUND_DELAY = 8 * COST.normal;

/** BullMQ's highest number; beyond it, after half a million prompts without a pause, first come is first served. */
const LAST_TURN = 2 ** 21 - 1;

/**
 * Lua: the turn of a newcomer, so that keys take turns, each as often as its priority says, however much
 * one of them asks for (self-clocked fair queuing). `clock` is the turn of what runs: a prompt comes one
 * cost after that, or after its own key's last one. So a key alone is served in order of arrival; one
 * that floods the queue stands behind itself, not before others; and the clock advances for whatever
 * waits, so that nothing waits for ever. A background prompt comes after all real ones of its key that
 * wait, and lets a bounded number of later ones go before it. Lower turns run first, equal ones in order
 * of arrival.
 */
export const FAIR_TURN = `
  local function fairTurn(clock, lastReal, lastBackground, isBackground, cost)
    local turn = math.max(clock, lastReal)
    if isBackground then
      turn = math.max(turn + ${BACKGROUND_DELAY}, clock, lastBackground)
    end
    return math.min(turn + cost, ${LAST_TURN})
  end`;

/**
 * Lua: whether the queue takes one more prompt of an owner. A full queue takes those of an owner that has
 * less than an equal share of its places, and at least one place, so that nobody can keep others out by
 * filling it.
 */
export const HAS_SHARE = `
  local function hasShare(own, owners, limit)
    return own < math.max(1, math.floor(limit / owners))
  end`;
