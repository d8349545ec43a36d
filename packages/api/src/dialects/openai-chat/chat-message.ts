import { z } from 'zod';

import { Content, Image, OptionalContent } from './content-part.ts';
import { toText } from './request-forms.ts';

const name = z.string().nullish();

/** Some clients leave out what is empty, or send an object where its JSON is expected. */
const FunctionCall = z.object({
  name: z.string(),
  arguments: z.preprocess((value) => toText(value) ?? '', z.string()),
});

const images = z.array(Image).nullish();

/**
 * One element of `messages`. What clients echo back beside these fields is let through unread: the
 * conversation is typed into the page, where thoughts and their signatures have no place (T-08).
 */
export const ChatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: Content, name, images }),
  z.object({ role: z.literal('developer'), content: Content, name, images }),
  z.object({ role: z.literal('user'), content: Content, name, images }),
  z.object({
    role: z.literal('assistant'),
    content: OptionalContent,
    name,
    refusal: z.string().nullish(),
    tool_calls: z
      .array(
        z.object({
          id: z.string().nullish(),
          type: z.literal('function').default('function'),
          function: FunctionCall,
        }),
      )
      .nullish(),
    function_call: FunctionCall.nullish(),
    /** False: the message is whole, although it is the last (DeepSeek's and Moonshot's words). */
    prefix: z.boolean().nullish(),
    partial: z.boolean().nullish(),
    images,
  }),
  z.object({
    role: z.literal('tool'),
    content: Content,
    tool_call_id: z.string().nullish(),
    name,
    images,
  }),
  z.object({ role: z.literal('function'), content: Content, name: z.string(), images }),
]);
export type ChatMessage = z.infer<typeof ChatMessage>;
