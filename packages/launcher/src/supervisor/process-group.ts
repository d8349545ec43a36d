/** In which order the members of a group are stopped. */
export type StopOrder = 'last-first' | 'together';

/**
 * Processes and other resources that start together, some in parallel, and stop together or in reverse order,
 * also those that are still starting. Each start gets the group's signal, which aborts when the group stops.
 */
export class ProcessGroup implements AsyncDisposable {
  readonly #members: Promise<AsyncDisposable>[] = [];
  readonly #stopping = new AbortController();
  readonly #order: StopOrder;
  /** Aborts with the first of: the given signal, the group's own end. */
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal, order: StopOrder = 'last-first') {
    this.#order = order;
    this.signal = AbortSignal.any([signal, this.#stopping.signal]);
  }

  /** Takes in what `start` brings up, and hands it back when it is up. */
  async start<T extends AsyncDisposable>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const member = start(this.signal);
    this.#members.push(member);
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error('stopped'));
    if (this.#order === 'together') await Promise.all(this.#members.map(stop));
    else for (const member of this.#members.toReversed()) await stop(member);
  }
}

async function stop(member: Promise<AsyncDisposable>): Promise<void> {
  const started = await member.catch(() => undefined); // who asked for it has been told
  await started?.[Symbol.asyncDispose]();
}
