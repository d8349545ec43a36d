import { type JobEvent } from '@aistudio/core';

/** A code block's first line, or what may become one. */
const FENCE = /^\s*```[\w-]*[ \t]*\n/;
const FENCE_BEGUN = /^\s*(?:`{0,2}|```[\w-]*[ \t]*)$/;

/** Takes away the code block that models like to put around an answer that is to be JSON alone. */
export async function* withoutFence(events: AsyncIterable<JobEvent>): AsyncGenerator<JobEvent> {
  let held = '';
  let isDecided = false;
  let isFenced = false;

  const push = (text: string): string => {
    held += text;
    if (!isDecided) {
      if (FENCE_BEGUN.test(held)) return '';
      isDecided = true;
      isFenced = FENCE.test(held);
      held = held.replace(FENCE, '');
    }
    const sure = isFenced ? bodyLength(held) : held.length;
    const given = held.slice(0, sure);
    held = held.slice(sure);
    return given;
  };
  const release = function* (): Generator<JobEvent> {
    const text = isFenced && held.trim() === '```' ? '' : held;
    held = '';
    if (text !== '') yield { type: 'text', text };
  };
  try {
    for await (const event of events) {
      if (event.type === 'text') {
        const text = push(event.text);
        if (text !== '') yield { type: 'text', text };
      } else {
        if (event.type === 'finish' || event.type === 'tool_call') yield* release();
        yield event;
      }
    }
  } catch (error) {
    yield* release();
    throw error;
  }
}

/** How much of a text stands before what may be the end of its code block. */
const bodyLength = (text: string): number =>
  text
    .trimEnd()
    .replace(/`{1,3}$/, '')
    .trimEnd().length;
