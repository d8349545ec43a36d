import { type ModelInfo } from '@aistudio/core';

import { parseArray } from './frames.ts';
import { at, integerAt, integersAt, listAt, numberAt, textAt, textsAt } from './message.ts';
import { present } from './present.ts';
import { withoutPrefix } from './request-digest.ts';
import { levelOf } from './thinking-level.ts';

/** Positions of a model record (wire-format.md §9). */
const RECORD = {
  id: 0,
  displayName: 3,
  description: 4,
  inputTokenLimit: 5,
  outputTokenLimit: 6,
  methods: 7,
  temperature: 8,
  topP: 9,
  topK: 10,
  aliases: 56,
  capabilities: 64,
  thinking: 71,
  paid: 77,
};
/** Positions of its thinking block. */
const THINKING = { max: 1, min: 2, canBeOff: 3, defaultLevel: 5, levels: 6 };
const PAID_ONLY = 2;

/**
 * The models of a ListModels answer, in its order; records we cannot read are left out. Undefined
 * when the body is not such an answer.
 */
export function parseModels(body: Uint8Array): ModelInfo[] | undefined {
  const root = parseArray(body);
  if (root === undefined) return undefined;
  const isFlat = textAt(root, 0, RECORD.id) !== undefined; // `[record, …]` without the list around
  const records = isFlat ? root : listAt(root, 0);
  return records.flatMap((record) => toModel(record) ?? []);
}

function toModel(record: unknown): ModelInfo | undefined {
  const name = textAt(record, RECORD.id);
  if (!name?.startsWith('models/')) return undefined;
  const id = withoutPrefix(name);
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
    }),
    aliases: listAt(record, RECORD.aliases).flatMap((alias) => {
      const old = textAt(alias, 0);
      return old === undefined ? [] : [withoutPrefix(old)];
    }),
    methods: textsAt(record, RECORD.methods),
    capabilities: integersAt(record, RECORD.capabilities),
    thinking: toThinking(at(record, RECORD.thinking)),
    paidOnly: integerAt(record, RECORD.paid) === PAID_ONLY,
  };
}

function toThinking(block: unknown): ModelInfo['thinking'] {
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
    canBeOff: integerAt(block, THINKING.canBeOff) === 1,
  };
}
