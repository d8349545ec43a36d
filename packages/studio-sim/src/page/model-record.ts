import { at, listAt, numberAt, stringAt } from '../wire/message.ts';

/** What the page uses of a ListModels record (wire-format.md §9). */
export interface Model {
  /** Without `models/`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly inputLimit: number;
  readonly outputLimit: number;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly topK: number | undefined;
  readonly capabilities: ReadonlySet<number>;
  readonly thinking: ThinkingLimits | undefined;
  /** Whether tools exclude each other. */
  readonly hasExclusions: boolean;
  readonly categories: readonly number[];
  readonly isPaid: boolean;
  readonly methods: readonly string[];
}

/** Index 71: a budget or levels, never both. */
export interface ThinkingLimits {
  readonly budget: number | undefined;
  readonly maxBudget: number | undefined;
  readonly minBudget: number;
  readonly canBeOff: boolean;
  readonly level: number | undefined;
  readonly levels: readonly number[];
}

/** Capability codes the page looks at. */
export const CAPABILITY = {
  chat: 1,
  codeExecution: 9,
  functions: 10,
  search: 12,
  urlContext: 13,
  imageOut: 21,
  speech: 37,
  mediaResolution: 43,
  maps: 58,
} as const;

/** Reads a ListModels reply. */
export function readModels(reply: unknown): Model[] {
  return listAt(reply, 0).map((record) => ({
    id: (stringAt(record, 0) ?? '').replace(/^models\//, ''),
    name: stringAt(record, 3) ?? '',
    description: stringAt(record, 4) ?? '',
    inputLimit: numberAt(record, 5) ?? 0,
    outputLimit: numberAt(record, 6) ?? 0,
    temperature: numberAt(record, 8),
    topP: numberAt(record, 9),
    topK: numberAt(record, 10),
    capabilities: new Set(listAt(record, 64).map(Number)),
    thinking: readThinking(at(record, 71)),
    hasExclusions: listAt(record, 47, 0).length > 0,
    categories: listAt(record, 74).map(Number),
    isPaid: at(record, 77) === 2,
    methods: listAt(record, 7).map(String),
  }));
}

function readThinking(block: unknown): ThinkingLimits | undefined {
  if (block === undefined) return undefined;
  return {
    budget: numberAt(block, 0),
    maxBudget: numberAt(block, 1),
    minBudget: numberAt(block, 2) ?? 0,
    canBeOff: numberAt(block, 3) === 1,
    level: numberAt(block, 5),
    levels: listAt(block, 6).map(Number),
  };
}
