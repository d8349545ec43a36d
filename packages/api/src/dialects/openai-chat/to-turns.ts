import { StudioError } from '@aistudio/core';

import { splitEmbedded } from '../../files/embedded-media.ts';
import {
  type DraftTurn,
  type RemoteFile,
  toRemoteFile,
  type WholePart,
} from '../../files/remote-file.ts';
import { type FileContent, toAttachment } from '../../files/to-attachment.ts';
import { toFile } from '../../files/to-file.ts';
import { CallMatcher } from './call-matcher.ts';
import { type ChatMessage } from './chat-message.ts';
import { type ContentPart } from './content-part.ts';

/**
 * The conversation as the plan keeps it: every message a turn, in the client's order. `developer`
 * becomes `system`, `function` becomes `tool`; calls get ids that are unique in the conversation;
 * files named by address are left to be fetched. A conversation of system messages alone ends in a
 * user turn, since the page cannot run an empty prompt; an empty answer at the end is left out. Throws
 * a 400 that names the part at fault.
 */
export function toTurns(messages: readonly ChatMessage[]): DraftTurn[] {
  const reader = new ConversationReader(messages);
  const turns = messages.map((message, index) => reader.read(message, `messages[${index}]`));
  while (turns.at(-1)?.role === 'assistant' && turns.at(-1)?.parts.length === 0) turns.pop();
  const last = turns.at(-1);
  if (last && turns.every((turn) => turn.role === 'system')) last.role = 'user';
  if (!turns.some((turn) => turn.role !== 'system' && turn.parts.length > 0)) {
    throw new StudioError('invalid_value', 'There is nothing to say: every message is empty.', {
      param: 'messages',
    });
  }
  return turns;
}

type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;
type ResultMessage = Extract<ChatMessage, { role: 'tool' | 'function' }>;
type Parts = DraftTurn['parts'];

/** Reads the messages of one conversation, in their order. */
class ConversationReader {
  readonly #calls: CallMatcher;
  #files = 0;

  constructor(messages: readonly ChatMessage[]) {
    this.#calls = new CallMatcher(messages.flatMap(idsOf));
  }

  read(message: ChatMessage, path: string): DraftTurn {
    const name = message.name ? { name: message.name } : {};
    if (message.role === 'assistant') {
      return { role: 'assistant', ...name, parts: this.#answer(message, path) };
    }
    this.#calls.endRound();
    const parts = [...this.#parts(message.content, path), ...this.#images(message, path)];
    if (message.role === 'tool' || message.role === 'function') {
      return { role: 'tool', parts: this.#result(message, parts, path) };
    }
    return { role: message.role === 'user' ? 'user' : 'system', ...name, parts };
  }

  #answer(message: AssistantMessage, path: string): Parts {
    const said = this.#parts(message.content, path);
    const shown = this.#images(message, path);
    const calls = (message.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function }));
    if (message.function_call) calls.push({ id: '', ...message.function_call });
    if (calls.length === 0) this.#calls.endRound();
    return [
      ...said,
      ...shown.filter((file) => !said.some((other) => isSameFile(file, other))),
      ...(message.refusal ? [{ type: 'text' as const, text: message.refusal }] : []),
      ...calls.map(({ id, name, arguments: json }): WholePart => {
        const callId = this.#calls.add(id ?? '', name);
        return { type: 'tool_call', callId, name, arguments: json.trim() || '{}' };
      }),
    ];
  }

  /** The result, as text as far as it goes, and behind it what follows its first file. */
  #result(message: ResultMessage, parts: Parts, path: string): Parts {
    const id = message.role === 'tool' ? message.tool_call_id : undefined;
    const call = this.#calls.match({ id, name: message.name });
    if (!call && !id && message.role === 'tool') {
      const param = `${path}.tool_call_id`;
      throw new StudioError('invalid_value', `Missing required parameter: '${param}'.`, { param });
    }
    const name = message.name ?? call?.name;
    const firstFile = parts.findIndex(({ type }) => type !== 'text');
    const texts = firstFile === -1 ? parts : parts.slice(0, firstFile);
    const callId = call?.id ?? (id || message.name || '');
    const text = texts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    return [
      { type: 'tool_result', callId, ...(name ? { name } : {}), text },
      ...parts.slice(texts.length),
    ];
  }

  #parts(content: readonly ContentPart[], path: string): Parts {
    return content.flatMap((part, index): Parts => {
      const here = `${path}.content[${index}]`;
      if (part.type !== 'text' && part.type !== 'refusal') return [this.#file(part, here)];
      const text = part.type === 'text' ? part.text : part.refusal;
      if (text === '') return [];
      return splitEmbedded(text, here, () => (this.#files += 1));
    });
  }

  #images({ images }: ChatMessage, path: string): Parts {
    return (images ?? []).map((image, index) =>
      this.#file({ type: 'image_url', ...image }, `${path}.images[${index}]`),
    );
  }

  #file(part: FileContent, here: string): WholePart | RemoteFile {
    this.#files += 1;
    const attachment = toAttachment(part, here);
    return toRemoteFile(attachment, this.#files) ?? toFile(attachment, this.#files);
  }
}

/** Every id of a call that a message names. */
function idsOf(message: ChatMessage): string[] {
  const ids =
    message.role === 'assistant'
      ? (message.tool_calls ?? []).map(({ id }) => id)
      : [message.role === 'tool' ? message.tool_call_id : undefined];
  return ids.flatMap((id) => id ?? []);
}

/** Whether two parts are one file: our own answers hold an image in their text and beside it. */
const isSameFile = (one: Parts[number], other: Parts[number]): boolean =>
  one.type === 'file' && other.type === 'file' && one.digest === other.digest;
