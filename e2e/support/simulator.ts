import { z } from 'zod';

const LogEntry = z.object({
  at: z.number(),
  rpc: z.string(),
  raw: z.array(z.unknown()).nullable(), // null while it still arrives
  decoded: z.unknown(),
  endedAt: z.number().nullish(),
  endedBy: z.enum(['complete', 'client']).nullish(),
  sentAt: z.array(z.number()).nullish(),
});
type LogEntry = z.infer<typeof LogEntry>;

/** What a seed changes: kinds with their shares, and every change as text for people. */
const Drift = z.object({
  kinds: z.record(z.string(), z.number()),
  changes: z.array(z.string()),
});

/** What a request array says, in words; the simulator decodes more than this. */
const Decoded = z.looseObject({
  text: z.string(),
  systemInstruction: z.string().nullable(),
  responseMimeType: z.string().nullable(),
  tools: z.object({
    functions: z.array(z.object({ name: z.string(), parameters: z.unknown().optional() })),
    googleSearch: z.boolean(),
  }),
});
type Decoded = z.infer<typeof Decoded>;

/** The simulator's control port, as tests use it. */
export class Simulator {
  readonly #url: string;

  constructor(controlUrl: string) {
    this.#url = controlUrl;
  }

  /** Forgets scripts and the log, and switches every fault off. */
  async clear(): Promise<void> {
    await Promise.all(
      ['/scripts', '/log', '/faults'].map((path) => this.#call(path, { method: 'DELETE' })),
    );
  }

  /** Empties the log of what the page asked. */
  async clearLog(): Promise<void> {
    await this.#call('/log', { method: 'DELETE' });
  }

  /** Loads every open page anew, as another variant wants it, and waits for them. */
  async reload(): Promise<void> {
    await this.#call('/reload', { method: 'POST' });
  }

  /** Answers requests whose contents hold `match` with one step after the other. */
  async script(match: string, ...steps: object[]): Promise<void> {
    await this.#call('/scripts', { method: 'POST', body: JSON.stringify({ match, steps }) });
  }

  /** Switches page faults and options on or off. */
  async setFaults(faults: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('/faults', { method: 'POST', body: JSON.stringify(faults) });
  }

  /** The GenerateContent request arrays so far, oldest first. */
  async generateContent(): Promise<unknown[][]> {
    return (await this.#answers()).flatMap(({ raw }) => (raw ? [raw] : []));
  }

  /** The same, each with the time at which it arrived, epoch ms. */
  async timedRequests(): Promise<{ at: number; raw: unknown[] }[]> {
    return (await this.#answers()).flatMap(({ at, raw }) => (raw ? [{ at, raw }] : []));
  }

  /** The same in words. Throws when there is none. */
  async decoded(): Promise<[Decoded, ...Decoded[]]> {
    const requests = (await this.#answers()).map(({ decoded }) => decoded);
    return z.tuple([Decoded], Decoded).parse(requests);
  }

  /** Names of all RPCs that the page called so far, oldest first. */
  async rpcs(): Promise<string[]> {
    return z
      .array(LogEntry)
      .parse(await this.#call('/log'))
      .map(({ rpc }) => rpc);
  }

  /** When the last request for an answer arrived, epoch ms. */
  async lastRequestAt(): Promise<number> {
    return (await this.#answers()).at(-1)?.at ?? Number.NaN;
  }

  /** When the last answer's frames were sent, epoch ms. */
  async lastSendTimes(): Promise<number[]> {
    return (await this.#answers()).at(-1)?.sentAt ?? [];
  }

  /** How and when the last answer ended, waiting for its end. */
  async lastEnd(): Promise<{ endedAt: number; endedBy: string }> {
    for (;;) {
      const { endedAt, endedBy } = (await this.#answers()).at(-1) ?? {};
      if (endedAt && endedBy) return { endedAt, endedBy };
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Whether the last answer ends within so long. */
  async lastEndsWithin(ms: number): Promise<boolean> {
    const giveUpAt = Date.now() + ms;
    while (Date.now() < giveUpAt) {
      if ((await this.#answers()).at(-1)?.endedAt) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  }

  /** What the seed of `drift` changes. */
  async drift(): Promise<z.infer<typeof Drift>> {
    return z.object({ drift: Drift }).parse(await this.#call('/faults')).drift;
  }

  async #answers(): Promise<LogEntry[]> {
    const log = z.array(LogEntry).parse(await this.#call('/log'));
    return log.filter((entry) => entry.rpc === 'GenerateContent');
  }

  async #call(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#url + path, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }
}
