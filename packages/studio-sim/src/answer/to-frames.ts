import { BLOCK_REASONS, CODE_OUTCOMES, FINISH_REASONS } from '../wire/codes.ts';
import { type AnswerPart, type Frame, type FrameUsage } from '../wire/encode-frame.ts';
import { countTokens } from '../wire/tokens.ts';
import { type Directive } from './directive.ts';
import { split } from './split.ts';

/** What the frames depend on besides the directive. */
export interface AnswerContext {
  readonly promptTokens: number;
  /** Whether the model signs its turns (thinking models do). */
  readonly signs: boolean;
  /** Makes an id for a function call that has none. */
  readonly callId: () => string;
}

const SIGNATURE = 'U0lNVUxBVE9SLVNJR05BVFVSRQ==';
const TOKENS_OF_MEDIA = 1290;

/**
 * The frames of an answer in the order of a real one (wire-format.md §5.2): thoughts, code, text, media,
 * calls, then an empty part with the finish code, signed where the model signs.
 */
export function toFrames(directive: Directive, context: AnswerContext): Frame[] {
  const { usage, thoughts = '', thoughtTokensEarly } = directive;
  const prompt = usage?.prompt ?? context.promptTokens;
  if (directive.blockReason !== undefined)
    return [
      {
        blockReason: BLOCK_REASONS.indexOf(directive.blockReason),
        ...(directive.blockMessage === undefined ? {} : { blockMessage: directive.blockMessage }),
        usage: { prompt },
      },
    ];

  const thoughtTokens = usage?.reasoning ?? countTokens(thoughts);
  const counted = thoughtTokens > 0 ? { thoughts: thoughtTokens } : {};
  const hidden = { ...counted, ...(usage?.tool === undefined ? {} : { tool: usage.tool }) };
  const parts = answerParts(directive, context);
  const weights = parts.map(weigh);
  const weight = weights.reduce((sum, each) => sum + each, 0);
  const completion = usage?.completion ?? weight;

  let said = 0;
  return [
    ...split(thoughts, directive.chunks).map((text) => ({
      parts: [{ text, thought: true }],
      usage: { prompt, ...(thoughtTokensEarly ? counted : {}) },
    })),
    ...parts.map((part, index) => {
      said += weights[index] ?? 0;
      const output = Math.round((completion * said) / Math.max(1, weight));
      return { parts: [part], usage: { prompt, output, ...hidden } };
    }),
    closingFrame(directive, { prompt, output: completion, ...hidden }, context),
  ];
}

function answerParts(directive: Directive, context: AnswerContext): AnswerPart[] {
  const { code, text = '', chunks, media = [], toolCalls = [], unknownParts = [] } = directive;
  const calls = toolCalls.map(({ name, args, id }, index): AnswerPart => {
    const call = { name, args, ...(id === null ? {} : { id: id ?? context.callId() }) };
    return context.signs && index === 0 ? { call, signature: SIGNATURE } : { call };
  });
  return [
    ...unknownParts.map((unknown) => ({ unknown })),
    ...(code ? [{ code: code.source }, { codeResult: toResult(code) }] : []),
    ...split(text, chunks).map((piece) => ({ text: piece })),
    ...media.map((item) => ({ media: item })),
    ...(directive.duplicateCallFrames ? calls.flatMap((call) => [call, call]) : calls),
  ];
}

function toResult({ outcome, output }: NonNullable<Directive['code']>): {
  outcome: number;
  output: string;
} {
  return { outcome: CODE_OUTCOMES.indexOf(outcome), output };
}

/** A stop ends on an empty part; any other reason on a candidate without content (E6, E7b). */
function closingFrame(directive: Directive, usage: FrameUsage, context: AnswerContext): Frame {
  const { finish = 'STOP', finishMessage, noFinish, citations, toolCalls = [] } = directive;
  const signature = context.signs && toolCalls.length === 0 ? { signature: SIGNATURE } : {};
  return {
    ...(finish === 'STOP' || noFinish ? { parts: [{ text: '', ...signature }] } : {}),
    ...(noFinish ? {} : { finish: FINISH_REASONS.indexOf(finish) }),
    ...(finishMessage === undefined ? {} : { finishMessage }),
    ...(citations ? { citations } : {}),
    usage,
  };
}

function weigh(part: AnswerPart): number {
  if ('text' in part) return countTokens(part.text);
  if ('media' in part) return TOKENS_OF_MEDIA;
  if ('unknown' in part) return 0;
  return countTokens(JSON.stringify(part));
}
