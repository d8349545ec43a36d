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
  /** Whether the page starts with it. */
  readonly isDefault: boolean;
  /** How it is asked: none of these is by GenerateContent. */
  readonly kind: 'agent' | 'interaction' | undefined;
  /** Whether what it does goes on in the background. */
  readonly isBackground: boolean;
  /** Capabilities that are on by themselves. */
  readonly defaultOn: ReadonlySet<number>;
  /** Former ids, and whether the page says that it took them for this. */
  readonly aliases: readonly { readonly id: string; readonly isSilent: boolean }[];
  /** Epoch seconds; 0: unknown. */
  readonly released: number;
}

/** Index 71: a budget or levels, never both. */
export interface ThinkingLimits {
  readonly budget: number | undefined;
  readonly maxBudget: number | undefined;
  readonly minBudget: number;
  readonly canBeOff: boolean;
  readonly isOffByDefault: boolean;
  readonly level: number | undefined;
  readonly levels: readonly number[];
}

/** Capability codes the page looks at. */
export const CAPABILITY = {
  chat: 1,
  system: 8,
  codeExecution: 9,
  functions: 10,
  search: 12,
  urlContext: 13,
  toolFlag: 18,
  imageOut: 21,
  audioOut: 22,
  thinking: 25,
  budget: 35,
  speech: 37,
  mediaResolution: 43,
  searchByDefault: 50,
  level: 52,
  imageSearch: 54,
  maps: 58,
} as const;

const KINDS: Readonly<Record<number, 'agent' | 'interaction'>> = { 1: 'agent', 2: 'interaction' };

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
    isDefault: at(record, 61) === 1,
    kind: KINDS[numberAt(record, 78, 3) ?? 0],
    isBackground: at(record, 78, 2) === 1 || at(record, 78, 2) === true,
    defaultOn: new Set(listAt(record, 81).map(Number)),
    aliases: listAt(record, 56).map((alias) => ({
      id: (stringAt(alias, 0) ?? '').replace(/^models\//, ''),
      isSilent: at(alias, 1) === 2,
    })),
    released: numberAt(record, 38, 8, 1, 0) ?? 0,
  }));
}

function readThinking(block: unknown): ThinkingLimits | undefined {
  if (block === undefined) return undefined;
  return {
    budget: numberAt(block, 0),
    maxBudget: numberAt(block, 1),
    minBudget: numberAt(block, 2) ?? 0,
    canBeOff: numberAt(block, 3) === 1,
    isOffByDefault: numberAt(block, 4) === 1,
    level: numberAt(block, 5),
    levels: listAt(block, 6).map(Number),
  };
}
