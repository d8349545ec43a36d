import { type JsonObject } from '@aistudio/core';

import { type PageSchema } from './page-schema.ts';

/** Keywords that the page takes for a type, beside those of every type (wire-format.md §4.5). */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  array: ['minItems', 'maxItems'],
  object: ['minProperties', 'maxProperties'],
};

/** Formats that the service takes; others are for the model to read. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['date-time', 'enum'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

/** Adds the type and what is said of single values of it. */
export function withKeywords(form: PageSchema, type: string, source: JsonObject): void {
  form['type'] = type.toUpperCase();
  for (const keyword of KEYWORDS[type] ?? []) {
    if (source[keyword] !== undefined) form[keyword] = source[keyword];
  }
  const { format, exclusiveMinimum, exclusiveMaximum } = source;
  if (type === 'integer' || type === 'number') {
    const isWhole = type === 'integer';
    if (typeof exclusiveMinimum === 'number') {
      const least = isWhole ? Math.floor(exclusiveMinimum) + 1 : exclusiveMinimum;
      form['minimum'] = Math.max(least, Number(form['minimum'] ?? least));
    }
    if (typeof exclusiveMaximum === 'number') {
      const most = isWhole ? Math.ceil(exclusiveMaximum) - 1 : exclusiveMaximum;
      form['maximum'] = Math.min(most, Number(form['maximum'] ?? most));
    }
  }
  if (typeof format !== 'string') return;
  if (FORMATS[type]?.includes(format)) form['format'] = format;
  else addSentence(form, `Format: ${format}.`);
}

/** What one of some values is: the page's enums are texts, none of them empty. */
export interface DescribedValues {
  readonly form: PageSchema;
  /** For the model to read, where the form does not say it. */
  readonly sentence?: string;
}

/** Describes a choice of values. `given`: the types that the schema itself says they have. */
export function describeValues(
  values: readonly unknown[],
  given: readonly string[],
): DescribedValues {
  const real = values.filter((value) => value !== null);
  if (real.length === 0) return { form: { type: 'NULL' } };
  const nullable = real.length < values.length ? { nullable: true } : {};
  if (real.every((value) => typeof value === 'string' && value !== '')) {
    return { form: { type: 'STRING', enum: [...new Set(real)], ...nullable } };
  }
  const sentence = `One of: ${real.map((value) => JSON.stringify(value)).join(', ')}.`;
  const said = given.filter((type) => type !== 'null');
  const types = [
    ...new Set(said.length === 1 ? said.map(upper) : real.map((value) => typeOf(value, said))),
  ];
  const [first, ...others] = types.map((name) =>
    name === 'ARRAY' ? { type: name, items: { type: 'STRING' } } : { type: name },
  );
  const form = others.length === 0 ? { ...first } : { anyOf: [first, ...others] };
  return { form: { ...form, ...nullable }, sentence };
}

const upper = (type: string): string => type.toUpperCase();

function typeOf(value: unknown, said: readonly string[]): string {
  if (Number.isInteger(value) && said.includes('integer')) return 'INTEGER';
  return upper(Array.isArray(value) ? 'array' : typeof value);
}

/** A form with what was found out about its values. */
export function withDescription(
  form: PageSchema,
  { form: values, sentence }: DescribedValues,
): PageSchema {
  const result = { ...form, ...values };
  if (sentence !== undefined) addSentence(result, sentence);
  return result;
}

/** Adds to the description. */
export function addSentence(form: PageSchema, sentence: string): void {
  form['description'] = [form['description'], sentence].filter(Boolean).join(' ');
}
