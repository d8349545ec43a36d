import { StudioError } from '@aistudio/core';

import { parseBody } from '../shared/parse-body.ts';
import { ChatRequest } from './request.ts';

/**
 * The body of a chat. What stands in `extra_body`, which some clients send as it is written in
 * examples, counts as if it stood in the body itself. Throws `invalid_value` that names the field.
 */
export function parseChat(body: unknown): ChatRequest {
  if (!isObject(body) || !isObject(body['extra_body'])) return parseBody(ChatRequest, body);
  const { extra_body: extra, ...own } = body;
  try {
    return parseBody(ChatRequest, { ...(isObject(extra) ? extra : {}), ...own });
  } catch (error) {
    if (!(error instanceof StudioError) || error.param === null) throw error;
    const { code, message, param } = error;
    const [field = ''] = param.split(/[.[]/);
    if (field in own || !isObject(extra) || !(field in extra)) throw error;
    const inside = `extra_body.${param}`;
    throw new StudioError(code, message.replace(`'${param}'`, `'${inside}'`), { param: inside });
  }
}

/** The body with the model that the request's path names, where it names none itself. */
export const withModel = (body: unknown, model: string | undefined): unknown =>
  model !== undefined && isObject(body) && (body['model'] ?? '') === '' ? { ...body, model } : body;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
