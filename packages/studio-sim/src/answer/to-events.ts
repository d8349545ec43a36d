import { BLOCK_REASONS } from '../wire/codes.ts';
import { INTERACTION_STATUS, type InteractionEvent, type StepDelta } from '../wire/encode-event.ts';
import { countTokens } from '../wire/tokens.ts';
import { type Directive } from './directive.ts';
import { split } from './split.ts';

/** What the events depend on besides the directive. */
export interface InteractionContext {
  readonly id: string;
  /** `models/<id>` */
  readonly model: string;
  readonly promptTokens: number;
  /** Makes an id for a tool call that has none. */
  readonly callId: () => string;
}

type StepStart = Extract<InteractionEvent, { type: 'step-start' }>;

const SIGNATURE = 'U0lNVUxBVE9SLVNJR05BVFVSRQ==';
const INVALID_ARGUMENT = 3;

/** The events of an interaction in their order: created, a step for each thing, completed. */
export function toEvents(directive: Directive, context: InteractionContext): InteractionEvent[] {
  const { id, model, promptTokens } = context;
  const { blockReason, noFinish, usage } = directive;
  const created: InteractionEvent[] = [
    { type: 'created', id, model },
    { type: 'status', id, status: INTERACTION_STATUS.inProgress },
  ];
  if (blockReason !== undefined)
    return [
      ...created,
      {
        type: 'error',
        code: INVALID_ARGUMENT,
        message: `The prompt was blocked (${BLOCK_REASONS.indexOf(blockReason)}).`,
      },
      { type: 'status', id, status: INTERACTION_STATUS.failed },
    ];
  const events = stepsOf(directive, context).flatMap(toStep);
  const { text = '', thoughts = '' } = directive;
  const counts = {
    prompt: usage?.prompt ?? promptTokens,
    output: usage?.completion ?? countTokens(text),
    thoughts: usage?.reasoning ?? countTokens(thoughts),
  };
  const { completed } = INTERACTION_STATUS;
  return [
    ...created,
    ...events,
    ...(noFinish ? [] : [{ type: 'completed', id, status: completed, usage: counts } as const]),
  ];
}

/** A step with its pieces. */
interface Step extends Pick<StepStart, 'step' | 'call'> {
  readonly deltas: readonly StepDelta[];
}

function stepsOf(
  { thoughts = '', text = '', chunks, media = [], toolCalls = [], citations = [] }: Directive,
  { callId }: InteractionContext,
): Step[] {
  const summaries = split(thoughts, chunks).map((piece) => ({ thoughtSummary: piece }));
  const thought: Step = { step: 'thought', deltas: [...summaries, { signature: SIGNATURE }] };
  const output: Step = {
    step: 'modelOutput',
    deltas: [
      ...split(text, chunks).map((piece) => ({ text: piece })),
      ...media.map((item) => ({ media: item })),
      ...citations.map((citation) => ({ citation })),
    ],
  };
  const calls = toolCalls.map(({ name, args, id }): Step => {
    const pieces = split(JSON.stringify(args), 2);
    return {
      step: 'toolCall',
      call: { name, id: id ?? callId() },
      deltas: pieces.map((piece) => ({ argumentsJson: piece })),
    };
  });
  return [
    ...(summaries.length > 0 ? [thought] : []),
    ...(output.deltas.length > 0 ? [output] : []),
    ...calls,
  ];
}

function toStep({ deltas, ...step }: Step, index: number): InteractionEvent[] {
  const tokens = countTokens(JSON.stringify(deltas));
  return [
    { type: 'step-start', index, ...step },
    ...deltas.map((delta) => ({ type: 'step-delta', index, delta }) as const),
    { type: 'step-stop', index, tokens },
  ];
}
