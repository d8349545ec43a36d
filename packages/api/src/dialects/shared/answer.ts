import { type JobEvent, type JobEventOf, RecordedError } from '@aistudio/core';

/** What every object of one answer carries alike (openai-behaviours S-05). */
export interface Envelope {
  /** `chatcmpl-…` */
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
}

/** A function call, whole: id, name and arguments in one piece parse everywhere (T-04). */
export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
  /** For clients that keep it beside the call, as Google's own OpenAI endpoint gives it. */
  readonly extra_content?: { readonly google: { readonly thought_signature: string } };
}

/** A source the answer rests on. AI Studio does not say which words: the span is empty. */
export interface Annotation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly url: string;
    readonly title: string;
  };
}

/** An inline image, as chat programs know it from image models. */
export interface InlineImage {
  readonly type: 'image_url';
  readonly image_url: { readonly url: string };
}

/** In which of several forms parts of an answer go out. */
export interface WritingOptions {
  /** Thinking as `reasoning`, too, beside `reasoning_content`: a client that reads both doubles it (S-14). */
  readonly mirrorsReasoning: boolean;
  /** Whether the client does not want to see it at all. */
  readonly hidesReasoning?: boolean;
  /** Whether the client knows functions in OpenAI's older form alone: one `function_call`. */
  readonly hasLegacyCalls?: boolean;
}

/** Thinking, under its names. */
export const toReasoning = (
  text: string,
  mirrors: boolean,
): { readonly reasoning_content: string; readonly reasoning?: string } => ({
  reasoning_content: text,
  ...(mirrors ? { reasoning: text } : {}),
});

/** One piece of the answer; a whole answer is its pieces put together (S-13). */
export type Delta =
  | { readonly reasoning_content: string }
  | {
      readonly content: string;
      /** The image that the content shows, in the form of image models. */
      readonly images?: readonly InlineImage[];
    }
  | { readonly tool_calls: readonly (ToolCall & { readonly index: number })[] }
  | { readonly annotations: readonly Annotation[] }
  /** AI Studio's own sentence about an answer that it held back. */
  | { readonly refusal: string };

/** A call in OpenAI's older form, which has no id and no place for a second one. */
export interface LegacyCall {
  readonly name: string;
  readonly arguments: string;
}

/** How an answer may end: in the older form a call has a word of its own. */
export type FinishWord = Ending['finishReason'] | 'function_call';

/** The word for how an answer ended. */
export const toFinishWord = (
  reason: Ending['finishReason'],
  { hasLegacyCalls }: WritingOptions,
): FinishWord => (hasLegacyCalls && reason === 'tool_calls' ? 'function_call' : reason);

/** Token counts; thinking counts as completion (N-07). */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

/** How the answer ended. */
export interface Ending {
  readonly finishReason: JobEventOf<'finish'>['reason'];
  readonly usage: Usage | undefined;
}

/**
 * The pieces of an answer in order, then its ending. Streamed or not, an answer is made of these, so
 * both say the same. Throws the job's error as {@link RecordedError}.
 */
export async function* toSteps(events: AsyncIterable<JobEvent>): AsyncGenerator<Delta | Ending> {
  const annotations: Annotation[] = [];
  let callCount = 0;
  let hasText = false;
  let usage: Usage | undefined;
  for await (const event of events) {
    switch (event.type) {
      case 'started':
      case 'tier_changed':
        break;
      case 'reasoning':
        yield { reasoning_content: event.text };
        break;
      case 'text':
        yield { content: event.text };
        hasText = true;
        break;
      case 'media':
        yield {
          content: `${hasText ? '\n\n' : ''}${toMarkdown(event)}`,
          ...(isImage(event) ? { images: [toImage(event)] } : {}),
        };
        hasText = true;
        break;
      case 'tool_call':
        yield { tool_calls: [{ index: callCount, ...toToolCall(event) }] };
        callCount += 1;
        break;
      case 'citation':
        if (isWebAddress(event.url)) annotations.push(toAnnotation(event));
        break;
      case 'usage':
        usage = toUsage(event);
        break;
      case 'finish':
        // All in one piece: accumulating clients need an index to merge a second list (T-02).
        if (annotations.length > 0) yield { annotations };
        if (event.message !== undefined) yield { refusal: event.message };
        yield {
          finishReason: event.reason === 'stop' && callCount > 0 ? 'tool_calls' : event.reason,
          usage,
        };
        return;
      case 'error':
        throw new RecordedError(event.error);
    }
  }
  throw new Error('the events ended without a terminal one');
}

/** Inline output as a data: URI that chat programs render in place. */
const toMarkdown = (media: JobEventOf<'media'>): string =>
  `${isImage(media) ? '![image]' : `[${media.mimeType}]`}(${toDataUri(media)})`;

const toImage = (media: JobEventOf<'media'>): InlineImage => ({
  type: 'image_url',
  image_url: { url: toDataUri(media) },
});

const isImage = ({ mimeType }: JobEventOf<'media'>): boolean => mimeType.startsWith('image/');

const toDataUri = ({ mimeType, data }: JobEventOf<'media'>): string =>
  `data:${mimeType};base64,${data}`;

const toToolCall = (event: JobEventOf<'tool_call'>): ToolCall => ({
  id: event.id,
  type: 'function',
  function: { name: event.name, arguments: event.arguments || '{}' },
  ...(event.signature === undefined
    ? {}
    : { extra_content: { google: { thought_signature: event.signature } } }),
});

/** A `javascript:` or `data:` address from a page would run in whatever program shows the link. */
const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url);

const toAnnotation = ({ url, title }: JobEventOf<'citation'>): Annotation => ({
  type: 'url_citation',
  url_citation: { start_index: 0, end_index: 0, url, title },
});

function toUsage(event: JobEventOf<'usage'>): Usage {
  const completion = event.completionTokens + event.reasoningTokens;
  return {
    prompt_tokens: event.promptTokens,
    completion_tokens: completion,
    total_tokens: event.promptTokens + completion,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: event.reasoningTokens },
  };
}
