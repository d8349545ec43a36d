import { z } from 'zod';

import { FileSource } from '../../files/decoded-file.ts';

/** `{url}`, or just the URL as some clients write it. */
export const Link = z.preprocess(
  (value) => (FileSource.safeParse(value).success ? { url: value } : value),
  z.object({ url: FileSource }),
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
    return typeof value === 'string' ? [{ type: 'text', text: value }] : value;
  },
  z.array(ContentPart, { error: 'expected a string or an array of content parts' }),
);

/** The same where the client may leave it out: beside tool calls (openai-behaviours T-08). */
export const OptionalContent = z.preprocess((value) => value ?? null, Content);
