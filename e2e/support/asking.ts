import { z } from 'zod';

const Chunk = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })).nullish(),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
});
const ErrorBody = z.object({
  error: z.object({ code: z.string().nullable(), message: z.string() }),
});

/** What became of one request, as its client saw it. */
export interface Outcome {
  /** `x-request-id`: the job's id; empty when there was no reply. */
  readonly id: string;
  readonly text: string;
  /** Code of the error that ended it; `connection` when the reply broke off; undefined: answered. */
  readonly failure: string | undefined;
  /** What that error says. */
  readonly reason: string | undefined;
  readonly tier: string | null;
  /** From the request to its end. */
  readonly seconds: number;
}

/** How a client asks. */
export interface Asking {
  readonly model?: string;
  /** More of the request's body. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Called with all the text so far after each piece. */
  readonly onPiece?: (soFar: string, id: string) => void;
  /** The client goes away when it aborts. */
  readonly signal?: AbortSignal;
}

/** The prompt that makes the simulator answer so (its README lists the keys). */
export const sim = (directive: Readonly<Record<string, unknown>>): string =>
  `@sim ${JSON.stringify(directive)}`;

/** Sends one streamed request and reads its answer to the end, whatever that is. Never throws. */
export async function ask(baseUrl: string, content: string, asking: Asking = {}): Promise<Outcome> {
  const start = performance.now();
  let id = '';
  let text = '';
  let tier: string | null = null;
  const end = (failure: string | undefined, reason?: string): Outcome => {
    return { id, text, failure, reason, tier, seconds: (performance.now() - start) / 1000 };
  };
  const { model = 'gemini-2.5-flash', settings, onPiece, signal = null } = asking;
  const messages = [{ role: 'user', content }];
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages, stream: true, ...settings }),
      signal,
    });
    id = response.headers.get('x-request-id') ?? '';
    tier = response.headers.get('x-aistudio-tier');
    if (!response.ok) {
      const { error } = ErrorBody.parse(await response.json());
      return end(error.code ?? 'unknown', error.message);
    }
    for await (const data of readData(response)) {
      if (data === '[DONE]') return end(undefined);
      const { choices, error } = Chunk.parse(JSON.parse(data));
      if (error) return end(error.code, error.message);
      const piece = choices?.[0]?.delta.content ?? '';
      text += piece;
      if (piece !== '') onPiece?.(text, id);
    }
    return end('connection');
  } catch {
    return end(signal?.aborted ? 'went away' : 'connection');
  }
}

/** The `data:` lines of an event stream, without that word. */
async function* readData(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice('data: '.length);
  }
}
