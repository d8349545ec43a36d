import { type JobEventOf, newCallId } from '@aistudio/core';

import { type ToolCallDelta } from './chunk.ts';
import { HelperError } from './helper-error.ts';

interface Call {
  readonly id: string;
  name: string;
  arguments: string;
}

/** Puts tool calls together from their pieces. */
export class ToolCalls {
  readonly #calls: Call[] = [];
  /** The call that pieces with this index belong to at present. */
  readonly #at = new Map<number, Call>();

  /**
   * Takes a piece. One with an id of its own begins a call, also where a service gives every call
   * the same index, or none.
   */
  add({ index, id, function: said }: ToolCallDelta): void {
    const place = index ?? 0;
    let call = this.#at.get(place);
    if (!call || (id && id !== call.id)) {
      call = { id: id || newCallId(), name: '', arguments: '' };
      this.#calls.push(call);
      this.#at.set(place, call);
    }
    call.name ||= said?.name ?? ''; // some say it with every piece
    call.arguments += said?.arguments ?? '';
  }

  /** The calls, whole, in the order in which they began. Throws when one is not JSON. */
  *events(): Generator<JobEventOf<'tool_call'>> {
    for (const [index, { id, name, arguments: json }] of this.#calls.entries()) {
      yield { type: 'tool_call', index, id, name, arguments: checked(json.trim() || '{}') };
    }
  }
}

function checked(json: string): string {
  try {
    JSON.parse(json);
    return json;
  } catch (cause) {
    throw new HelperError('The helper sent a tool call whose arguments are no JSON.', {
      cause,
      isOutage: false,
    });
  }
}
