import { type AnswerEvent, type AnswerUsage, type MessageReader } from './answer-event.ts';
import { CallDraft } from './call-draft.ts';
import { toTitle } from './citation.ts';
import { at, integerAt, integersAt, listAt, stringsIn, textAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import { findRpcFailure, type RpcFailure, toRpcFailure } from './rpc-error.ts';

/** An interaction's status (wire-format.md §5.11); the page takes none for completed. */
const STATUS = { inProgress: 1, actionRequired: 2, completed: 3, failed: 4, cancelled: 5 };
/** gRPC codes that stand for a status without a code of its own. */
const INTERNAL = 13;
const CANCELLED = 1;

/**
 * Reads the events of CreateInteractionStream and GetInteractionStream (wire-format.md §5.12). Where
 * the layout of something is not known, it is looked for in every place it can be.
 */
export class InteractionReader implements MessageReader {
  unknown = 0;
  known = 0;
  readonly #positions: WirePositions;
  readonly #functionNames: readonly string[] | undefined;
  /** Calls whose arguments may still grow, by their step. */
  readonly #calls = new Map<number, CallDraft>();
  readonly #thoughtSteps = new Set<number>();
  #hasContent = false;
  #isCompleted = false;
  #isMalformed = false;
  #status: number | undefined;
  #usage: unknown;
  #errors: unknown;
  #failure: RpcFailure | undefined;

  /** `functionNames`: what the request declares, which tells its calls from those of built-in tools. */
  constructor(positions: WirePositions = wirePositions, functionNames?: readonly string[]) {
    this.#positions = positions;
    this.#functionNames = functionNames;
  }

  /** An answer whose stream never said where it stands ends when the stream does. */
  get hasEnding(): boolean {
    if (this.#isCompleted || this.#failure !== undefined) return true;
    return this.#status === undefined ? this.#hasContent : this.#status > STATUS.inProgress;
  }

  read(event: unknown): AnswerEvent[] {
    const failure = toRpcFailure(event);
    if (failure) {
      this.known += 1;
      this.#failure = failure;
      return [];
    }
    const events = this.#readEvent(event);
    if (events) this.known += 1;
    else this.unknown += 1;
    this.#hasContent ||= (events ?? []).length > 0;
    return events ?? [];
  }

  end(closed: boolean, status?: RpcFailure): AnswerEvent[] {
    const failure = status ?? this.#failure ?? this.#failureOfStatus();
    if (failure) return [{ type: 'error', kind: 'rpc', ...failure }];
    if (!closed || !this.hasEnding) return [{ type: 'error', kind: 'truncated' }];
    const calls = this.#finishCalls();
    const usage = toUsage(this.#usage, this.#positions);
    return [
      ...calls,
      ...(usage ? [{ type: 'usage', ...usage } as const] : []),
      { type: 'finish', reason: this.#finishReason() },
    ];
  }

  /** Undefined for an event of unknown shape. */
  #readEvent(event: unknown): AnswerEvent[] | undefined {
    const { interactionEvent: EVENT } = this.#positions;
    const delta = at(event, EVENT.stepDelta) ?? at(event, EVENT.contentDelta);
    if (delta !== undefined) return this.#readDelta(indexOf(delta), at(delta, 1));
    const completed = firstAt(event, EVENT.completed);
    const interaction = completed ?? firstAt(event, EVENT.created);
    if (interaction !== undefined) {
      this.#noteInteraction(interaction);
      if (completed === undefined) return [];
      this.#isCompleted = true;
      return this.#finishCalls();
    }
    const status = at(event, EVENT.status);
    if (status !== undefined) {
      this.#status = integerAt(status, 1) ?? this.#status;
      return [];
    }
    const error = at(event, EVENT.error);
    if (error !== undefined) {
      this.#failure = findRpcFailure(error) ?? failureOf(INTERNAL, error);
      return [];
    }
    const started = at(event, EVENT.stepStart);
    if (started !== undefined) return this.#startStep(indexOf(started), at(started, 1));
    const content = at(event, EVENT.contentStart);
    if (content !== undefined) return this.#readDelta(indexOf(content), at(content, 1));
    const stopped = at(event, EVENT.stepStop) ?? at(event, EVENT.contentStop);
    if (stopped !== undefined) {
      this.#usage = at(stopped, 1) ?? this.#usage;
      return this.#finishCall(indexOf(stopped));
    }
    const isEmpty = Array.isArray(event) && event.every((field) => field === null);
    return isEmpty ? [] : undefined;
  }

  #noteInteraction(message: unknown): void {
    const { interaction: INTERACTION } = this.#positions;
    const first = at(message, 0);
    const interaction = Array.isArray(first) ? first : message;
    this.#status = integerAt(interaction, INTERACTION.status) ?? this.#status;
    this.#usage = at(interaction, INTERACTION.usage) ?? this.#usage;
    this.#errors = at(interaction, INTERACTION.errors) ?? this.#errors;
  }

  #startStep(index: number, step: unknown): AnswerEvent[] | undefined {
    const { step: STEP } = this.#positions;
    const call = at(step, STEP.call);
    if (call !== undefined) {
      this.#calls.set(index, new CallDraft(call, this.#functionNames));
      return [];
    }
    const thought = at(step, STEP.thought);
    if (thought !== undefined) {
      this.#thoughtSteps.add(index);
      return this.#readContents(index, thought);
    }
    const output = at(step, STEP.output);
    if (output === undefined) return []; // the prompt, or what a tool gave
    const events = this.#readContents(index, output);
    return events.length > 0 || stringsIn(output).every((text) => text === '') ? events : undefined;
  }

  /** What a step may have from its start: a list of contents, each like a delta. */
  #readContents(index: number, message: unknown): AnswerEvent[] {
    return listAt(message, 0).flatMap((content) => this.#readDelta(index, content) ?? []);
  }

  #readDelta(index: number, delta: unknown): AnswerEvent[] | undefined {
    const { delta: DELTA } = this.#positions;
    const isThought = this.#thoughtSteps.has(index);
    const text = at(delta, DELTA.text);
    if (text !== undefined) return toText(isThought ? 'thought' : 'text', firstString(text));
    const summary = at(delta, DELTA.thoughtSummary);
    if (summary !== undefined) return toText('thought', firstString(summary));
    const signature = at(delta, DELTA.signature);
    if (signature !== undefined) return this.#noteSignature(index, firstString(signature));
    const media = firstAt(delta, DELTA.media);
    if (media !== undefined) return toMedia(stringsIn(media));
    const citations = at(delta, DELTA.citations);
    if (citations !== undefined) return toCitations(citations);
    const pieces = at(delta, DELTA.arguments);
    if (pieces !== undefined) {
      this.#callAt(index).addArguments(firstString(pieces));
      return [];
    }
    const call = at(delta, DELTA.call);
    if (call !== undefined) {
      this.#callAt(index).describe(call);
      return [];
    }
    const isSilent = DELTA.silent.some((position) => at(delta, position) !== undefined);
    return isSilent || delta === undefined || stringsIn(delta).length === 0 ? [] : undefined;
  }

  #callAt(index: number): CallDraft {
    const call = this.#calls.get(index) ?? new CallDraft(undefined, this.#functionNames);
    this.#calls.set(index, call);
    return call;
  }

  #noteSignature(index: number, value: string): AnswerEvent[] {
    if (value === '') return [];
    const call = this.#calls.get(index);
    if (!call) return [{ type: 'signature', on: 'alone', value }];
    call.signature = value;
    return [];
  }

  #finishCalls(): AnswerEvent[] {
    return [...this.#calls.keys()].flatMap((index) => this.#finishCall(index));
  }

  #finishCall(index: number): AnswerEvent[] {
    const call = this.#calls.get(index);
    this.#calls.delete(index);
    const events = call?.toEvents() ?? [];
    if (typeof events !== 'string') return events;
    if (events === 'malformed') this.#isMalformed = true;
    else this.unknown += 1;
    return [];
  }

  #finishReason(): string {
    if (this.#isMalformed) return 'MALFORMED_FUNCTION_CALL';
    const status = this.#status ?? STATUS.completed;
    const isKnown = status <= STATUS.completed;
    return isKnown ? 'STOP' : `UNKNOWN_STATUS_${status}`;
  }

  #failureOfStatus(): RpcFailure | undefined {
    if (this.#status === STATUS.cancelled) return failureOf(CANCELLED, ['It was cancelled']);
    if (this.#status !== STATUS.failed) return undefined;
    return findRpcFailure(this.#errors) ?? failureOf(INTERNAL, this.#errors);
  }
}

/** The one string of a message, wherever it stands; empty text is not written. */
const firstString = (message: unknown): string => textAt(message, 0) ?? stringsIn(message)[0] ?? '';

/** Zero is not written. */
const indexOf = (event: unknown): number => integerAt(event, 0) ?? 0;

const failureOf = (code: number, words: unknown): RpcFailure => ({
  code,
  message: stringsIn(words).at(-1) ?? 'The interaction failed',
});

function firstAt(message: unknown, positions: readonly number[]): unknown {
  for (const position of positions) {
    const value = at(message, position);
    if (value !== undefined) return value;
  }
  return undefined;
}

const toText = (type: 'text' | 'thought', text: string): AnswerEvent[] =>
  text === '' ? [] : [{ type, text }];

/** Image, audio, video or document: its type and its bytes; undefined where it has none in it. */
function toMedia(strings: readonly string[]): AnswerEvent[] | undefined {
  const mime = strings.find((text) =>
    /^(?:image|audio|video|application|text)\/[\w.+-]+$/.test(text),
  );
  const [data] = strings
    .filter((text) => text !== mime && /^(?!files\/)[\w+/-]{8,}={0,2}$/.test(text))
    .toSorted((a, b) => b.length - a.length);
  return mime === undefined || data === undefined ? undefined : [{ type: 'media', mime, data }];
}

/** Every address in it, with the words beside it for a title. */
function toCitations(message: unknown): AnswerEvent[] {
  if (!Array.isArray(message)) return [];
  const texts = message.filter((item) => typeof item === 'string');
  const url = texts.find((text) => /^https?:/.test(text));
  const title = toTitle(texts.find((text) => text !== '' && text !== url));
  const own: AnswerEvent[] = url === undefined ? [] : [{ type: 'citation', url, title }];
  return [...own, ...message.flatMap(toCitations)];
}

/**
 * Only the answer's count is where we know it. The prompt's and the total count if they add up, with
 * what is left over for thinking; otherwise the usage is partial.
 */
function toUsage(
  message: unknown,
  { interactionUsage: AT }: WirePositions,
): AnswerUsage | undefined {
  const output = integerAt(message, AT.output);
  if (output === undefined) return undefined;
  const prompt = integerAt(message, AT.prompt) ?? 0;
  const others = integersAt(message).filter((_, position) => position !== AT.output);
  const total = Math.max(0, ...others);
  const thoughts = total - prompt - output;
  const addsUp = prompt > 0 && (thoughts === 0 || (thoughts > 0 && others.includes(thoughts)));
  return addsUp
    ? { prompt, output, thoughts, tool: 0, total }
    : { prompt: 0, output, thoughts: 0, tool: 0, total: output, isPartial: true };
}
