import { z } from 'zod';

import { FileSource } from '../../files/decoded-file.ts';

/** `{url}`, or just the URL as some clients write it. */
const Link = z.preprocess(
  (value) => (FileSource.safeParse(value).success ? { url: value } : value),
  z.object({ url: FileSource }),
);

/** An image beside a message's text: a part, an address or `data:` URI, or bare base64 as Ollama has it. */
export const Image = z.preprocess(
  (value) => {
    if (typeof value !== 'string') return value;
    const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(value.slice(0, 32));
    return { image_url: isUrl ? value : `data:application/octet-stream;base64,${value}` };
  },
  z.object({ image_url: Link }),
);

/** One element of a message's content array (openai-behaviours R-03). */
export const ContentPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: Link }),
  z.object({ type: z.literal('input_image'), image_url: Link }),
  z.object({ type: z.literal('video_url'), video_url: Link }),
  z.object({ type: z.literal('file_url'), file_url: Link }),
  z.object({
    type: z.literal('input_audio'),
    input_audio: z.object({ data: FileSource, format: z.string() }),
  }),
  z.object({
    type: z.literal('file'),
    file: z.object({
      file_data: FileSource.nullish(),
      file_id: z.string().nullish(),
      filename: z.string().nullish(),
    }),
  }),
]);
export type ContentPart = z.infer<typeof ContentPart>;

/** A string, an array of parts or null becomes an array of parts, so that every fault has a path. */
export const Content = z.preprocess(
  (value) => {
    if (value === null) return [];
    if (typeof value === 'string') return [{ type: 'text', text: value }];
    return Array.isArray(value) ? value.map(toChatPart) : value;
  },
  z.array(ContentPart, { error: 'expected a string or an array of content parts' }),
);

/** The Responses API has names of its own for texts. */
const toChatPart = (part: unknown): unknown =>
  typeof part === 'object' &&
  part !== null &&
  'type' in part &&
  (part.type === 'input_text' || part.type === 'output_text')
    ? { ...part, type: 'text' }
    : part;

/** The same where the client may leave it out: beside tool calls (openai-behaviours T-08). */
export const OptionalContent = z.preprocess((value) => value ?? null, Content);
