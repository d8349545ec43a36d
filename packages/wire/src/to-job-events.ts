import {
  type FinishReason,
  isContent,
  type JobEvent,
  newCallId,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';

import { type AnswerEvent, type AnswerUsage } from './answer-event.ts';
import { failureToStudioError } from './rpc-error.ts';

type Call = Extract<AnswerEvent, { type: 'call' }>;

const NO_CALLS: ReadonlySet<string> = new Set();

/** How a finish code reads to an OpenAI client; those missing here are errors. */
const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  OTHER: 'content_filter',
  LANGUAGE: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
  HELD_BACK: 'content_filter',
  BLOCKED_PROMPT: 'content_filter',
};
const FINISH_ERRORS: Readonly<Record<string, string>> = {
  MALFORMED_FUNCTION_CALL: 'The model wrote a function call that cannot be read. Try again.',
  UNEXPECTED_TOOL_CALL: 'The model called a tool that was not offered. Try again.',
  TOO_MANY_TOOL_CALLS: 'The model called too many tools in a row. Try again.',
  IMAGE_OTHER: 'The model made no image. Try again, or word the prompt differently.',
  NO_IMAGE: 'The model made no image. Try again, or word the prompt differently.',
};

/**
 * Turns what the wire says about one answer into the events every tier shares: repeated calls and
 * sources are dropped, calls get an index and an id, code becomes fenced text.
 */
export class JobEventMapper {
  readonly #seenIds = new Set<string>();
  readonly #seenUrls = new Set<string>();
  /** Calls without id in the frame before: only there can a repetition be told from an intention. */
  #previousCalls = NO_CALLS;
  #callCount = 0;
  #atLineStart = true;
  #hasContent = false;

  /** Maps the events of one frame, or of the end. */
  map(events: readonly AnswerEvent[]): JobEvent[] {
    let anonymousCalls = NO_CALLS;
    const mapped: JobEvent[] = [];
    for (const [index, event] of events.entries()) {
      if (event.type !== 'call') {
        mapped.push(...this.#mapOne(event));
        continue;
      }
      if (event.id === undefined) anonymousCalls = new Set([...anonymousCalls, keyOf(event)]);
      if (!this.#isRepeated(event)) mapped.push(this.#toToolCall(event, events[index + 1]));
    }
    this.#previousCalls = anonymousCalls;
    this.#hasContent ||= mapped.some(isContent);
    return mapped;
  }

  #mapOne(event: Exclude<AnswerEvent, Call>): JobEvent[] {
    switch (event.type) {
      case 'text':
        return [this.#toText(event.text)];
      case 'thought':
        return [{ type: 'reasoning', text: event.text }];
      case 'media':
        return [{ type: 'media', mimeType: event.mime, data: event.data }];
      case 'code':
        return [this.#toBlock(languageTag(event.lang), event.code)];
      case 'codeResult':
        return [this.#toBlock(outcomeTag(event.outcome), event.output)];
      case 'citation':
        return this.#toCitation(event.url, event.title);
      case 'grounding':
        return event.chunks.flatMap((chunk) => this.#toCitation(chunk.uri, chunk.title));
      case 'usage':
        return [toUsageEvent(event)];
      case 'finish':
        return [this.#toEnd(event.reason, event.message)];
      case 'error':
        return [
          toErrorEvent(
            event.kind === 'rpc'
              ? failureToStudioError(event)
              : new StudioError(
                  'upstream_interrupted',
                  'AI Studio’s answer broke off before its end. Try again.',
                ),
          ),
        ];
      case 'signature': // goes with its call
      case 'blocked': // its finish follows
        break;
    }
    return [];
  }

  #isRepeated(call: Call): boolean {
    if (call.id === undefined) return this.#previousCalls.has(keyOf(call));
    const isSeen = this.#seenIds.has(call.id);
    this.#seenIds.add(call.id);
    return isSeen;
  }

  #toToolCall(call: Call, next: AnswerEvent | undefined): JobEvent {
    const index = this.#callCount;
    this.#callCount += 1;
    return {
      type: 'tool_call',
      index,
      id: call.id ?? newCallId(),
      name: call.name,
      arguments: JSON.stringify(call.args),
      ...(next?.type === 'signature' && next.on === 'part' ? { signature: next.value } : {}),
    };
  }

  #toText(text: string): JobEvent {
    this.#atLineStart = text.endsWith('\n');
    return { type: 'text', text };
  }

  #toBlock(tag: string, content: string): JobEvent {
    return this.#toText(fencedBlock(tag, content, this.#atLineStart));
  }

  #toCitation(url: string, title: string): JobEvent[] {
    if (this.#seenUrls.has(url)) return [];
    this.#seenUrls.add(url);
    return [{ type: 'citation', url, title }];
  }

  #toEnd(finish: string, message: string | undefined): JobEvent {
    const known = FINISH_REASONS[finish];
    const fault = known === undefined ? this.#faultOf(finish) : undefined;
    if (fault !== undefined) {
      const quoted = message === undefined ? '' : ` AI Studio says: ${message.trim()}`;
      return toErrorEvent(new StudioError('upstream_error', `${fault}${quoted}`));
    }
    const reason = known ?? 'content_filter'; // what there is was made, and may not be all
    return {
      type: 'finish',
      reason: reason === 'stop' && this.#callCount > 0 ? 'tool_calls' : reason,
      ...(message !== undefined && reason === 'content_filter' ? { message } : {}),
    };
  }

  /** Why an end that is no known one is a failure; undefined where there is an answer to keep. */
  #faultOf(finish: string): string | undefined {
    if (FINISH_ERRORS[finish] !== undefined) return FINISH_ERRORS[finish];
    if (this.#hasContent) return undefined;
    return `The model gave no answer and stopped for a reason that is not known here (${finish}). Try again.`;
  }
}

/**
 * Code, or what came out of it, as the text of an answer: a fenced block on lines of its own; the
 * fence is longer than any inside. `atLineStart`: nothing stands before it on its line.
 */
export function fencedBlock(tag: string, content: string, atLineStart: boolean): string {
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const body = content === '' || content.endsWith('\n') ? content : `${content}\n`;
  return `${atLineStart ? '' : '\n\n'}${fence}${tag}\n${body}${fence}\n\n`;
}

const keyOf = (call: Call): string => JSON.stringify([call.name, call.args]);

const languageTag = (lang: string): string => (lang === 'UNSPECIFIED' ? '' : lang.toLowerCase());

const outcomeTag = (outcome: string): string =>
  outcome === 'OK' || outcome === 'UNSPECIFIED' ? 'output' : `output ${outcome}`;

const toErrorEvent = (error: StudioError): JobEvent => ({
  type: 'error',
  error: toErrorRecord(error),
});

/** OpenAI counts what tools put before the model as prompt, so that the parts add up to the total. */
const toUsageEvent = (usage: AnswerUsage): JobEvent => ({
  type: 'usage',
  promptTokens: usage.prompt + usage.tool,
  completionTokens: usage.output,
  reasoningTokens: usage.thoughts,
  totalTokens: usage.total,
  exact: usage.isPartial !== true,
});
