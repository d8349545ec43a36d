/** A call of a function in the conversation. */
interface Call {
  /** As the client wrote it; not unique: some clients count anew in every message. */
  readonly givenId: string;
  /** Unique in the conversation. */
  readonly id: string;
  readonly name: string;
  /** Calls of messages between which nothing else was said are of one round. */
  readonly round: number;
  isAnswered: boolean;
}

/** What a result says of the call that it answers. */
export interface ResultHint {
  /** Absent or empty: the client gives calls no ids. */
  readonly id: string | null | undefined;
  readonly name: string | null | undefined;
}

/**
 * Gives every call of a conversation an id of its own and finds the call that each result answers, by
 * id and by order: where several calls have one id, the first of the newest round that has no result
 * yet. Takes the messages in their order.
 */
export class CallMatcher {
  readonly #calls: Call[] = [];
  readonly #byGivenId = new Map<string, Call[]>();
  /** Ids that a later call must not get. */
  readonly #reserved: Set<string>;
  readonly #used = new Set<string>();
  #round = 0;
  #isRoundOpen = false;

  /** `givenIds`: all ids in the conversation; none of them is given to another call. */
  constructor(givenIds: Iterable<string>) {
    this.#reserved = new Set(givenIds);
  }

  /** Notes a call; gives the id that it has from now on. */
  add(givenId: string, name: string): string {
    if (!this.#isRoundOpen) this.#round += 1;
    this.#isRoundOpen = true;
    const isTaken = givenId === '' || this.#used.has(givenId);
    const id = isTaken ? this.#newId(givenId || 'call') : givenId;
    this.#used.add(id);
    const call = { givenId, id, name, round: this.#round, isAnswered: false };
    this.#calls.push(call);
    const same = this.#byGivenId.get(givenId);
    if (same) same.push(call);
    else this.#byGivenId.set(givenId, [call]);
    return id;
  }

  /** Something else than a call was said: later calls are of another round. */
  endRound(): void {
    this.#isRoundOpen = false;
  }

  /** The call that a result answers; undefined when there is none. */
  match({ id, name }: ResultHint): { readonly id: string; readonly name: string } | undefined {
    const same = id
      ? (this.#byGivenId.get(id) ?? [])
      : this.#calls.filter((call) => !name || call.name === name);
    const open = same.filter(({ isAnswered }) => !isAnswered);
    const newest = open.filter(({ round }) => round === open.at(-1)?.round);
    const found = newest.find((call) => call.name === name) ?? newest[0] ?? same.at(-1);
    if (found) found.isAnswered = true;
    return found;
  }

  #newId(base: string): string {
    for (let number = 2; ; number++) {
      const id = `${base}_${number}`;
      if (this.#reserved.has(id)) continue;
      this.#reserved.add(id);
      return id;
    }
  }
}
