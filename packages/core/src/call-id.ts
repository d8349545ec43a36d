import { randomUUID } from 'node:crypto';

/** An id for a tool call that came without one, in OpenAI's form. */
export const newCallId = (): string => `call_${randomUUID().replaceAll('-', '')}`;
