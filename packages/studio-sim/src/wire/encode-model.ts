import { message } from './message.ts';

/** What a record of the model list says, by the names of wire-format.md §9. */
export interface ModelSpec {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly input: number;
  readonly output: number;
  readonly methods: readonly string[];
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly capabilities: readonly number[];
  /** Index 71: default, max and min budget, can be off, off by default, default level, levels. */
  readonly thinking?: readonly unknown[];
  readonly toolPairs?: readonly (readonly [number, number])[];
  readonly aliases?: readonly (readonly [string, number])[];
  readonly categories: readonly number[];
  readonly paid?: boolean;
  /** Index 61: the page starts with it. */
  readonly isDefault?: boolean;
  /** Index 78: asked over Interactions; absent: by GenerateContent. */
  readonly transport?: { readonly type: 'agent' | 'model'; readonly isBackground?: boolean };
  /** Index 81: capabilities that are on by themselves. */
  readonly defaultOn?: readonly number[];
  readonly released: string;
  readonly cutoff: string;
  readonly extra?: Readonly<Record<number, unknown>>;
}

/** Writes a record of the ListModels reply. */
export function encodeModel(model: ModelSpec): unknown[] {
  const path = `models/${model.id}`;
  const dates = [path, [epoch(model.released)], null, [epoch(model.cutoff)]];
  return message({
    0: path,
    2: model.version,
    3: model.name,
    4: model.description,
    5: model.input,
    6: model.output,
    7: model.methods,
    8: model.temperature,
    9: model.topP,
    10: model.topK,
    27: 2,
    38: message({ 4: [dates], 8: dates, 9: model.description, 14: model.description }),
    47: model.toolPairs && [model.toolPairs],
    56: model.aliases?.map(([id, kind]) => [`models/${id}`, kind]),
    61: model.isDefault ? 1 : undefined,
    64: model.capabilities,
    71: model.thinking,
    72: 2,
    74: model.categories,
    77: model.paid ? 2 : undefined,
    78: model.transport && encodeTransport(model.transport),
    81: model.defaultOn,
    ...model.extra,
  });
}

function encodeTransport({ type, isBackground }: NonNullable<ModelSpec['transport']>): unknown[] {
  return message({ 2: isBackground ? 1 : undefined, 3: type === 'agent' ? 1 : 2 });
}

function epoch(date: string): number {
  return Date.parse(date) / 1000;
}
