import { compileSchema, type JobEvent, StudioError } from '@aistudio/core';

import { type Draft, type DraftTurn, type WholePlan } from '../../files/remote-file.ts';

/** An answer that breaks the form it has to have. */
export class InvalidOutputError extends StudioError {
  override readonly name = 'InvalidOutputError';
  /** What the model said. */
  readonly answer: string;
  /** What is wrong with it, in one sentence. */
  readonly fault: string;

  constructor(answer: string, fault: string) {
    super('invalid_output', `The answer does not fit response_format: ${fault}. Ask again.`, {
      logged: 'The answer does not fit response_format.',
    });
    this.answer = answer;
    this.fault = fault;
  }
}

/**
 * Passes an answer on and, before its end, holds its text to the form that the client asked for.
 * Throws an {@link InvalidOutputError} in place of the end. An answer of calls has no form to keep;
 * one that was cut short ends as it ended.
 */
export async function* checkOutput(
  events: AsyncIterable<JobEvent>,
  { turns, settings: { structuredOutput: format } }: Pick<Draft, 'turns' | 'settings'>,
): AsyncGenerator<JobEvent> {
  const begun = beginningOf(turns.at(-1));
  let text = '';
  for await (const event of events) {
    if (format && event.type === 'text') text += event.text;
    const fault =
      format && event.type === 'finish' && event.reason === 'stop'
        ? faultOfEnding(begun, text, format.schema)
        : undefined;
    if (fault !== undefined) throw new InvalidOutputError(text, fault);
    yield event;
  }
}

/** What is wrong with an answer that is whole by itself, or with what was `begun` before it. */
function faultOfEnding(
  begun: string,
  text: string,
  schema: Record<string, unknown> | undefined,
): string | undefined {
  const fault = faultOf(text, schema);
  if (fault === undefined || begun === '') return fault;
  return faultOf(begun + text, schema) && fault;
}

/** What the client has of the answer already, where it only goes on. */
const beginningOf = (last: DraftTurn | undefined): string =>
  last?.isUnfinished
    ? last.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    : '';

function faultOf(text: string, schema: Record<string, unknown> | undefined): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (schema) return compileSchema(schema)(value);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? undefined : 'it is not a JSON object';
}

/** The plan that asks for the same answer once more, in the form that it lacked. */
export function toRepair(plan: WholePlan, { answer, fault }: InvalidOutputError): WholePlan {
  const { calling: _, ...settings } = plan.settings;
  const demand =
    `Your last message breaks the form that it has to have: ${fault}. ` +
    'Write it once more, corrected: JSON alone, without any other word.';
  return {
    ...plan,
    turns: [
      ...plan.turns,
      { role: 'assistant', parts: [{ type: 'text', text: answer }] },
      { role: 'user', parts: [{ type: 'text', text: demand }] },
    ],
    settings: { ...settings, functions: [] },
  };
}
