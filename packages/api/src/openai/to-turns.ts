import { type Part, StudioError } from '@aistudio/core';

import { type ChatMessage } from './chat-message.ts';
import { type ContentPart } from './content-part.ts';
import { type DraftTurn, type RemoteFile, toRemoteFile } from './remote-file.ts';
import { type Attachment, toFile } from './to-file.ts';

/**
 * The conversation as the plan keeps it: every message a turn, in the client's order. `developer`
 * becomes `system`, `function` becomes `tool`; files named by address are left to be fetched. A conversation of system messages alone ends in a
 * user turn, since the page has to be told something. Throws a 400 that names the part at fault.
 */
export function toTurns(messages: readonly ChatMessage[]): DraftTurn[] {
  const calls = new CallNames();
  const files = { count: 0 };
  const turns = messages.map((message, index) =>
    toTurn(message, `messages[${index}]`, calls, files),
  );
  const last = turns.at(-1);
  if (last && turns.every((turn) => turn.role === 'system')) last.role = 'user';
  if (!turns.some((turn) => turn.role !== 'system' && turn.parts.length > 0)) {
    throw new StudioError('invalid_value', 'There is nothing to say: every message is empty.', {
      param: 'messages',
    });
  }
  return turns;
}

type TextPart = Extract<Part, { type: 'text' }>;

/** Which function each call was of, for results that do not say it themselves. */
class CallNames {
  readonly #nameOf = new Map<string, string>();
  readonly #lastIdOf = new Map<string, string>();

  add(callId: string, name: string): void {
    this.#nameOf.set(callId, name);
    this.#lastIdOf.set(name, callId);
  }

  nameOf(callId: string): string | undefined {
    return this.#nameOf.get(callId);
  }

  /** The id of the latest call of `name`: what a legacy `function` message answers. */
  lastIdOf(name: string): string {
    return this.#lastIdOf.get(name) ?? name;
  }
}

function toTurn(
  message: ChatMessage,
  path: string,
  calls: CallNames,
  files: { count: number },
): DraftTurn {
  const name = message.name ? { name: message.name } : {};
  if (message.role === 'user') {
    return { role: 'user', ...name, parts: toParts(message.content, path, files) };
  }
  if (message.role === 'assistant') {
    return { role: 'assistant', ...name, parts: toAssistantParts(message, path, calls) };
  }
  const parts = toTextParts(message.content, path);
  if (message.role === 'tool' || message.role === 'function') {
    return { role: 'tool', parts: [toResult(message, parts, calls)] };
  }
  return { role: 'system', ...name, parts };
}

function toResult(
  message: Extract<ChatMessage, { role: 'tool' | 'function' }>,
  parts: readonly TextPart[],
  calls: CallNames,
): Part {
  const callId = message.role === 'tool' ? message.tool_call_id : calls.lastIdOf(message.name);
  const name = message.name ?? calls.nameOf(callId);
  const text = parts.map((part) => part.text).join('');
  return { type: 'tool_result', callId, ...(name ? { name } : {}), text };
}

function toAssistantParts(
  message: Extract<ChatMessage, { role: 'assistant' }>,
  path: string,
  calls: CallNames,
): Part[] {
  const requested = (message.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function }));
  if (message.function_call) requested.push({ id: `${path}.call`, ...message.function_call });
  return [
    ...toTextParts(message.content, path),
    ...(message.refusal ? [{ type: 'text' as const, text: message.refusal }] : []),
    ...requested.map(({ id, name, arguments: json }): Part => {
      calls.add(id, name);
      return { type: 'tool_call', callId: id, name, arguments: json.trim() || '{}' };
    }),
  ];
}

function toTextParts(content: readonly ContentPart[], path: string): TextPart[] {
  return content
    .map((part, index) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'refusal') return part.refusal;
      const param = `${path}.content[${index}].type`;
      throw new StudioError(
        'unsupported_parameter',
        `Only text can stand in this message: '${param}' is '${part.type}'.`,
        { param },
      );
    })
    .filter(Boolean)
    .map((text) => ({ type: 'text', text }));
}

function toParts(
  content: readonly ContentPart[],
  path: string,
  files: { count: number },
): DraftTurn['parts'] {
  return content.flatMap((part, index): (Part | RemoteFile)[] => {
    const here = `${path}.content[${index}]`;
    if (part.type === 'text' || part.type === 'refusal') return toTextParts([part], path);
    files.count += 1;
    const attachment = toAttachment(part, here);
    return [toRemoteFile(attachment, files.count) ?? toFile(attachment, files.count)];
  });
}

function toAttachment(
  part: Exclude<ContentPart, { type: 'text' | 'refusal' }>,
  here: string,
): Attachment {
  if (part.type === 'image_url' || part.type === 'input_image') {
    return { param: `${here}.image_url.url`, source: part.image_url.url, isMedia: true };
  }
  if (part.type === 'video_url') {
    return { param: `${here}.video_url.url`, source: part.video_url.url, isMedia: true };
  }
  if (part.type === 'file_url') {
    return { param: `${here}.file_url.url`, source: part.file_url.url };
  }
  if (part.type === 'input_audio') {
    const { data, format } = part.input_audio;
    return { param: `${here}.input_audio.data`, source: data, format };
  }
  const { file_data: source, filename: name } = part.file;
  if (source) return { param: `${here}.file.file_data`, source, name };
  throw new StudioError(
    'unsupported_parameter',
    'This server keeps no files: send the bytes as file_data instead of a file_id.',
    { param: `${here}.file.file_id` },
  );
}
