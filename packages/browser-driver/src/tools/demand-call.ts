import { isContent, type JobEvent, StudioError, toErrorRecord } from '@aistudio/core';

/**
 * Holds an answer that must hold a call back until there is one, but for its thoughts. One that ends
 * without it becomes an `error` event; one that was cut short ends as it ended.
 */
export async function* demandCall(events: AsyncIterable<JobEvent>): AsyncGenerator<JobEvent> {
  let held: JobEvent[] | undefined = [];
  for await (const event of events) {
    const isWhole =
      event.type === 'finish' && (event.reason === 'stop' || event.reason === 'tool_calls');
    if (held && isWhole) {
      yield { type: 'error', error: toErrorRecord(noCall()) };
      return;
    }
    const isHeld = isContent(event) && event.type !== 'reasoning' && event.type !== 'tool_call';
    if (held && isHeld) {
      held.push(event);
      continue;
    }
    if (event.type === 'tool_call' || event.type === 'finish') {
      yield* held ?? [];
      held = undefined;
    }
    yield event;
  }
}

const noCall = (): StudioError =>
  new StudioError(
    'missing_tool_call',
    'tool_choice demands a call, and the model made none. Ask again.',
  );
