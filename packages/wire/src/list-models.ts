import { type ModelInfo } from '@aistudio/core';

import { parseArray } from './frames.ts';
import { at, integerAt, integersAt, listAt, numberAt, textAt, textsAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import { present } from './present.ts';
import { withoutPrefix } from './request-digest.ts';
import { levelOf } from './thinking-level.ts';

const PAID_ONLY = 2;
/** Kinds of transport (wire-format.md §9); any other is GenerateContent. */
const TRANSPORTS: Readonly<Record<number, 'agent' | 'interaction'>> = {
  1: 'agent',
  2: 'interaction',
};

/**
 * The models of a ListModels answer, in its order; records we cannot read are left out. Undefined
 * when the body is not such an answer.
 */
export function parseModels(
  body: Uint8Array,
  positions: WirePositions = wirePositions,
): ModelInfo[] | undefined {
  const root = parseArray(body);
  if (root === undefined) return undefined;
  const isFlat = textAt(root, 0, positions.model.id) !== undefined; // `[record, …]` without the list around
  const records = isFlat ? root : listAt(root, 0);
  return records.flatMap((record) => toModel(record, positions) ?? []);
}

function toModel(record: unknown, positions: WirePositions): ModelInfo | undefined {
  const { model: RECORD } = positions;
  const name = textAt(record, RECORD.id);
  if (!name || !/^(?:models|agents)\//.test(name)) return undefined;
  const id = withoutPrefix(name);
  const onByDefault = integersAt(record, RECORD.onByDefault);
  return {
    id,
    displayName: textAt(record, RECORD.displayName) ?? id,
    ...present({
      description: textAt(record, RECORD.description),
      inputTokenLimit: integerAt(record, RECORD.inputTokenLimit),
      outputTokenLimit: integerAt(record, RECORD.outputTokenLimit),
      temperature: numberAt(record, RECORD.temperature),
      topP: numberAt(record, RECORD.topP),
      topK: numberAt(record, RECORD.topK),
      isDefault: isSet(at(record, RECORD.isDefault)) ? true : undefined,
      onByDefault: onByDefault.length > 0 ? onByDefault : undefined,
      transport: toTransport(at(record, RECORD.transport), positions),
    }),
    aliases: listAt(record, RECORD.aliases).flatMap((alias) => {
      const old = textAt(alias, 0);
      return old === undefined ? [] : [withoutPrefix(old)];
    }),
    methods: textsAt(record, RECORD.methods),
    capabilities: integersAt(record, RECORD.capabilities),
    thinking: toThinking(at(record, RECORD.thinking), positions),
    paidOnly: integerAt(record, RECORD.paid) === PAID_ONLY,
  };
}

function toThinking(
  block: unknown,
  { modelThinking: THINKING }: WirePositions,
): ModelInfo['thinking'] {
  const levels = listAt(block, THINKING.levels).flatMap((code) => levelOf(code) ?? []);
  if (levels.length > 0) {
    const defaultLevel = levelOf(at(block, THINKING.defaultLevel));
    return { type: 'level', levels, ...present({ defaultLevel }) };
  }
  const max = integerAt(block, THINKING.max);
  if (max === undefined) return { type: 'none' };
  return {
    type: 'budget',
    ...present({ min: integerAt(block, THINKING.min) }),
    max,
    canBeOff: isSet(at(block, THINKING.canBeOff)),
    ...(isSet(at(block, THINKING.offByDefault)) ? { isOffByDefault: true } : {}),
  };
}

function toTransport(
  block: unknown,
  { modelTransport: TRANSPORT }: WirePositions,
): ModelInfo['transport'] {
  const type = TRANSPORTS[integerAt(block, TRANSPORT.type) ?? 0];
  return type && { type, isInBackground: isSet(at(block, TRANSPORT.background)) };
}

/** A flag is written as 1 or as true. */
const isSet = (flag: unknown): boolean => flag === 1 || flag === true;
