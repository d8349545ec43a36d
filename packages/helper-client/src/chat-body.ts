import {
  type FilePart,
  type Part,
  type Plan,
  type Settings,
  type Thinking,
  type Turn,
} from '@aistudio/core';

import { HelperError } from './helper-error.ts';

/** As many as OpenAI's own service takes; we hold the answer to all of them ourselves. */
const MAX_STOPS = 4;

/** What stands for the base64 of a file. */
export type DataOf = (file: FilePart) => string;

/**
 * The plan as a chat completions request for `model`. Throws {@link HelperError} for what such a
 * request cannot ask for: it is left to the page.
 */
export function toChatBody(plan: Plan, model: string, dataOf: DataOf): object {
  const { settings } = plan;
  if (settings.googleSearch || settings.urlContext || settings.codeExecution) {
    throw new HelperError('A helper has none of AI Studio’s own tools.', { isOutage: false });
  }
  const effort = toEffort(settings.thinking);
  return {
    model,
    messages: toMessages(plan.turns, dataOf),
    stream: true,
    stream_options: { include_usage: true },
    ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    ...(settings.topP === undefined ? {} : { top_p: settings.topP }),
    ...(settings.maxOutputTokens === undefined ? {} : { max_tokens: settings.maxOutputTokens }),
    ...(settings.stop.length === 0 ? {} : { stop: settings.stop.slice(0, MAX_STOPS) }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(settings.functions.length === 0 ? {} : toTools(settings)),
    ...(settings.structuredOutput ? { response_format: toFormat(settings.structuredOutput) } : {}),
  };
}

const toTools = ({ functions, calling }: Settings): object => ({
  tools: functions.map((declaration) => ({ type: 'function', function: declaration })),
  ...(calling?.isRequired ? { tool_choice: 'required' } : {}),
  ...(calling?.isParallel === false ? { parallel_tool_calls: false } : {}),
});

const toFormat = ({ schema, strict }: NonNullable<Settings['structuredOutput']>): object =>
  schema
    ? { type: 'json_schema', json_schema: { name: 'answer', schema, strict: strict ?? false } }
    : { type: 'json_object' };

/** Budgets as the levels to which Google's own endpoint maps them (openai-behaviours R-07). */
function toEffort(thinking: Thinking | undefined): string | undefined {
  if (thinking?.type === 'off') return 'none';
  if (thinking?.type === 'level') return thinking.level;
  if (thinking?.type !== 'budget') return undefined;
  return thinking.tokens <= 1024 ? 'low' : thinking.tokens <= 8192 ? 'medium' : 'high';
}

/**
 * The conversation as messages. OpenAI takes files from users alone: those of other messages are
 * named at their place and come with the next message of the user, or in one of their own at the end.
 */
function toMessages(turns: readonly Turn[], dataOf: DataOf): object[] {
  let waiting: Part[] = [];
  const messages = turns.map((turn) => {
    if (turn.role !== 'user') {
      waiting.push(...turn.parts.filter(({ type }) => type === 'file'));
      return toMessage(turn, dataOf);
    }
    const parts = [...waiting, ...turn.parts];
    waiting = [];
    return toMessage({ ...turn, parts }, dataOf);
  });
  return waiting.length === 0
    ? messages
    : [...messages, toMessage({ role: 'user', parts: waiting }, dataOf)];
}

function toMessage({ role, name, parts }: Turn, dataOf: DataOf): object {
  const [first] = parts;
  if (first?.type === 'tool_result') {
    const content = [first.text, textOf(parts)].filter(Boolean).join('\n\n');
    return { role, tool_call_id: first.callId, content };
  }
  const text = textOf(parts);
  const calls = parts.flatMap(toToolCall);
  const isList = role === 'user' && hasFiles(parts);
  return {
    role,
    ...(name === undefined ? {} : { name }),
    content: isList
      ? parts.flatMap((part) => toContent(part, dataOf))
      : calls.length > 0
        ? text || null
        : text,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

/** The texts of a message, and its files by their names. */
const textOf = (parts: readonly Part[]): string =>
  parts
    .flatMap((part) => {
      if (part.type === 'text') return [part.text];
      return part.type === 'file' ? [`[attached file: ${JSON.stringify(part.name)}]`] : [];
    })
    .join('\n\n');

const hasFiles = (parts: readonly Part[]): boolean => parts.some(({ type }) => type === 'file');

const toToolCall = (part: Part): object[] =>
  part.type === 'tool_call'
    ? [
        {
          id: part.callId,
          type: 'function',
          function: { name: part.name, arguments: part.arguments },
        },
      ]
    : [];

/** How OpenAI names the kinds of sound that it takes. */
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

function toContent(part: Part, dataOf: DataOf): object[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text }];
  if (part.type !== 'file') return [];
  const { mimeType, name } = part;
  const data = dataOf(part);
  const url = `data:${mimeType};base64,${data}`;
  const format = AUDIO_FORMATS[mimeType];
  if (format) return [{ type: 'input_audio', input_audio: { data, format } }];
  if (mimeType.startsWith('image/')) return [{ type: 'image_url', image_url: { url } }];
  return [{ type: 'file', file: { filename: name, file_data: url } }];
}
