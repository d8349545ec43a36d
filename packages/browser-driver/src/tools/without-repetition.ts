import { type JobEvent } from '@aistudio/core';

/** A shorter beginning may be meant to stand twice: "ha" goes on as "haha". */
const MIN_LENGTH = 24;

/**
 * Takes away the beginning that the model writes once more although the answer was to go on with it:
 * the client has it already. What repeats only a part of it stays.
 */
export async function* withoutRepetition(
  events: AsyncIterable<JobEvent>,
  begun: string,
): AsyncGenerator<JobEvent> {
  let held: string | undefined = begun.trim().length < MIN_LENGTH ? undefined : '';
  const release = function* (): Generator<JobEvent> {
    if (held) yield { type: 'text', text: held };
    held = undefined;
  };
  try {
    for await (const event of events) {
      if (event.type !== 'text' || held === undefined) {
        if (event.type === 'finish' || event.type === 'tool_call') yield* release();
        yield event;
        continue;
      }
      held += event.text;
      if (begun.startsWith(held) && held.length < begun.length) continue;
      if (held.startsWith(begun)) held = held.slice(begun.length);
      yield* release();
    }
  } catch (error) {
    yield* release();
    throw error;
  }
}
