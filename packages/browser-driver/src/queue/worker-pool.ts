import {
  canServe,
  type Capacity,
  type Log,
  readCapacities,
  shortestCooldown,
} from '@aistudio/core';
import { type Redis } from 'ioredis';

/** How often to look what the other workers can do, ms. */
const LOOK_MS = 1000;

/** This worker among all that live, as of the last look at their signs of life. */
export interface WorkerPool extends Disposable {
  /** Looks again. */
  refresh(): Promise<void>;
  /** Whether another worker could answer with this model; undefined: with any. */
  othersCanServe(model?: string): boolean;
  /** The models that this worker cannot answer with now, and another can. */
  leftToOthers(): ReadonlySet<string>;
  /** The shortest cooldown, where the model rests for all accounts that could be asked. */
  cooldown(model: string): { readonly ms: number; readonly reason: string } | undefined;
  /** What keeps the workers that would be offered this model from working; undefined: there is none. */
  failureOf(model: string): { readonly code: string; readonly message: string } | undefined;
}

/** What a worker knows of itself, which its own sign of life tells the others. */
export interface OwnCapacity {
  readonly instance: string;
  readonly account: string;
  readonly models: readonly string[] | undefined;
}

/** Keeps looking until disposed. `own` is asked each time. */
export function watchWorkers(redis: Redis, own: () => OwnCapacity, log: Log): WorkerPool {
  let seen: readonly Capacity[] = [];
  const self = (): Capacity => {
    const { instance, account, models } = own();
    const cooldowns = seen.find((capacity) => capacity.account === account)?.cooldowns ?? new Map();
    return {
      instance,
      account,
      models: models && new Set(models),
      failure: undefined,
      cooldowns,
    };
  };
  const others = (): Capacity[] => seen.filter(({ instance }) => instance !== own().instance);
  const refresh = async (): Promise<void> => {
    seen = await readCapacities(redis);
  };
  const timer = setInterval(() => {
    refresh().catch((error: unknown) => log.debug('other workers not seen', { error }));
  }, LOOK_MS);
  return {
    refresh,
    othersCanServe: (model) =>
      others().some((other) =>
        model === undefined ? other.failure === undefined : canServe(other, model),
      ),
    leftToOthers() {
      const able = others().filter(({ failure }) => failure === undefined);
      if (able.length === 0) return new Set();
      const ours = self();
      const known = [...able, ours].flatMap(({ models = [] }) => [...models]);
      const ids = [...known, ...ours.cooldowns.keys()];
      return new Set(
        ids.filter((id) => !canServe(ours, id) && able.some((other) => canServe(other, id))),
      );
    },
    cooldown: (model) => shortestCooldown([...others(), self()], model),
    failureOf: (model) =>
      others().find((other) => other.failure && other.models?.has(model))?.failure,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
