import { z } from 'zod';

/** What we read of OpenAI's `chat.completion.chunk`. */
const Chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({ content: z.string().nullish(), reasoning_content: z.string().nullish() }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});
const Failure = z.object({ error: z.object({ message: z.string() }) });

/** One prompt, and what is done with its answer while it comes. */
export interface Question {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly prompt: string;
  /** Gets each piece of the answer's text. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/** The figures of an answer. */
export interface Figures {
  readonly tier: string;
  /** From sending the request to the first piece of the answer (or of its thinking), ms. */
  readonly firstTokenMs: number;
  readonly promptTokens: number;
  /** Thinking included, as OpenAI counts. */
  readonly completionTokens: number;
}

/** Sends one prompt and streams its answer. Throws when there is none, or not a whole one. */
export async function ask(question: Question): Promise<Figures> {
  const startedAt = performance.now();
  let firstTokenMs: number | undefined;
  let text = '';
  let finish: string | undefined;
  let usage: z.infer<typeof Chunk>['usage'];

  const response = await post(question);
  for await (const data of readSse(response)) {
    const chunk = Chunk.parse(data);
    usage = chunk.usage ?? usage;
    for (const { delta, finish_reason } of chunk.choices) {
      finish = finish_reason ?? finish;
      if (delta.content) question.onText(delta.content);
      if (delta.reasoning_content || delta.content) firstTokenMs ??= performance.now() - startedAt;
      text += delta.content ?? '';
    }
  }
  if (firstTokenMs === undefined || text === '' || finish !== 'stop' || !usage) {
    throw new Error(`The answer is not whole: it ended with ${finish ?? 'nothing'}.`);
  }
  return {
    tier: response.headers.get('x-aistudio-tier') ?? 'unknown',
    firstTokenMs,
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
  };
}

async function post(question: Question): Promise<Response> {
  const response = await fetch(`${question.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(question.apiKey ? { authorization: `Bearer ${question.apiKey}` } : {}),
    },
    body: JSON.stringify({
      model: question.model,
      messages: [{ role: 'user', content: question.prompt }],
      stream: true,
      stream_options: { include_usage: true },
    }),
    signal: question.signal,
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}

/** The JSON of each event of an OpenAI stream, up to `[DONE]`. Throws the error it may carry. */
async function* readSse(response: Response): AsyncGenerator {
  for await (const line of readLines(response)) {
    if (!line.startsWith('data: ')) continue; // a comment, or the blank line after an event
    if (line === 'data: [DONE]') return;
    const data: unknown = JSON.parse(line.slice('data: '.length));
    const failure = Failure.safeParse(data);
    if (failure.success) throw new Error(failure.data.error.message);
    yield data;
  }
  throw new Error('The stream broke off.');
}

/** Lines end at LF only: JSON may hold other line separators as they are. */
async function* readLines(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
