import { type Redis } from 'ioredis';

import { type Cooldown, readCooldowns } from './cooldowns.ts';
import { DriverDetail, type ProcessStatus, readStatuses } from './process-status.ts';

/** What one live worker could do, as its sign of life and its account's cooldowns tell. */
export interface Capacity {
  readonly instance: string;
  readonly account: string;
  /** Why none of its pages works, nor will by itself; undefined while it may take prompts. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  /** Ids of the models its account is offered; undefined while that is not known. */
  readonly models: ReadonlySet<string> | undefined;
  readonly cooldowns: ReadonlyMap<string, Cooldown>;
}

/** Whether the worker's account is offered the model; taken for granted while its list is unknown. */
export const offers = ({ models }: Capacity, model: string): boolean => models?.has(model) ?? true;

/** Whether the worker could answer a prompt for this model now, or once a page of it is free. */
export const canServe = (capacity: Capacity, model: string): boolean =>
  capacity.failure === undefined && offers(capacity, model) && !capacity.cooldowns.has(model);

/** Reads what all live workers could do. */
export async function readCapacities(redis: Redis): Promise<Capacity[]> {
  return toCapacities(redis, await readStatuses(redis));
}

async function toCapacities(redis: Redis, statuses: readonly ProcessStatus[]): Promise<Capacity[]> {
  const drivers = statuses.flatMap(({ kind, instance, detail }) => {
    const { data } = DriverDetail.safeParse(detail);
    return kind === 'browser-driver' && data ? [{ instance, ...data }] : [];
  });
  const accounts = [...new Set(drivers.map(({ account }) => account))];
  const cooldowns = await readCooldowns(redis, accounts);
  return drivers.map(({ instance, account, failure, models }) => {
    const own = cooldowns.filter((cooldown) => cooldown.account === account);
    return {
      instance,
      account,
      failure,
      models: models && new Set(models),
      cooldowns: new Map(own.map((cooldown) => [cooldown.model, cooldown])),
    };
  });
}

/**
 * The shortest of the cooldowns that keep all working accounts from a model; undefined when one of them
 * has it free, or there is none that it rests for.
 */
export function shortestCooldown(
  capacities: readonly Capacity[],
  model: string,
): Cooldown | undefined {
  const offering = capacities.filter(
    (capacity) => capacity.failure === undefined && offers(capacity, model),
  );
  const cooldowns = offering.flatMap(({ cooldowns: own }) => own.get(model) ?? []);
  if (cooldowns.length < offering.length) return undefined;
  return cooldowns.toSorted((one, other) => one.ms - other.ms)[0];
}
