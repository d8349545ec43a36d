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
  const step = type === 'integer' ? 1 : 0;
  if (type === 'integer' || type === 'number') {
    if (typeof exclusiveMinimum === 'number') form['minimum'] ??= exclusiveMinimum + step;
    if (typeof exclusiveMaximum === 'number') form['maximum'] ??= exclusiveMaximum - step;
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

/** Describes a choice of values. `type`: what the schema says of them itself. */
export function describeValues(
  values: readonly unknown[],
  type: string | undefined,
): DescribedValues {
  const real = values.filter((value) => value !== null);
  if (real.length === 0) return { form: { type: 'NULL' } };
  const nullable = real.length < values.length ? { nullable: true } : {};
  if (real.every((value) => typeof value === 'string' && value !== '')) {
    return { form: { type: 'STRING', enum: [...new Set(real)], ...nullable } };
  }
  const sentence = `One of: ${real.map((value) => JSON.stringify(value)).join(', ')}.`;
  const types = [...new Set(type === undefined ? real.map(typeOf) : [type.toUpperCase()])];
  const [first, ...others] = types.map((name) =>
    name === 'ARRAY' ? { type: name, items: { type: 'STRING' } } : { type: name },
  );
  const form = others.length === 0 ? { ...first } : { anyOf: [first, ...others] };
  return { form: { ...form, ...nullable }, sentence };
}

const typeOf = (value: unknown): string =>
  (Array.isArray(value) ? 'array' : typeof value).toUpperCase();

/** A form with what was found out about its values. */
export function withDescription(
  form: PageSchema,
  { form: values, sentence }: DescribedValues,
): PageSchema {
  const result = { ...form, ...values };
  if (sentence !== undefined) addSentence(result, sentence);
  return result;
}

function addSentence(form: PageSchema, sentence: string): void {
  form['description'] = [form['description'], sentence].filter(Boolean).join(' ');
}
