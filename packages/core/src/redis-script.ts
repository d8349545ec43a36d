import { type Redis } from 'ioredis';

/** A script that runs inside Redis, and so is atomic. Gives what the script returns. */
export type RedisScript = (
  redis: Redis,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

type NamedCommand = (...values: (string | number)[]) => Promise<unknown>;

/**
 * A named command written in Lua. Redis gets its text once and is called by its digest from then on.
 * `name` is unique among all scripts.
 */
export function defineScript(name: string, lua: string): RedisScript {
  return (redis, keys, args) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ioredis adds a defined command as a method, which its types cannot know
    const commands = redis as unknown as Record<string, NamedCommand | undefined>;
    if (!commands[name]) redis.defineCommand(name, { lua });
    const command = commands[name]?.bind(redis);
    if (!command) throw new Error(`ioredis did not define the command ${name}`);
    return command(keys.length, ...keys, ...args);
  };
}
