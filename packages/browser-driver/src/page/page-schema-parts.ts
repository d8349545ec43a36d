import { isPlainObject } from '@aistudio/core';

import { type PageSchema } from './page-schema.ts';

/** Alternatives; one of them being null makes the others nullable. */
export function combine(alternatives: readonly PageSchema[]): PageSchema {
  const real = alternatives.filter(({ type }) => type !== 'NULL');
  if (real.length === 0) return { type: 'NULL' };
  const nullable = real.length < alternatives.length ? { nullable: true } : {};
  const [only, ...others] = real;
  return only && others.length === 0 ? { ...only, ...nullable } : { anyOf: real, ...nullable };
}

/** The same forms, each once. */
export const distinct = (forms: readonly PageSchema[]): PageSchema[] => [
  ...new Map(forms.map((form) => [JSON.stringify(form), form])).values(),
];

/** The form without required names of properties that it does not have: the service refuses them. */
export function withDeclaredRequired(form: PageSchema): PageSchema {
  const { required, ...rest } = form;
  if (!Array.isArray(required)) return form;
  const properties = isPlainObject(form['properties']) ? form['properties'] : {};
  const declared = required.filter((name) => Object.hasOwn(properties, String(name)));
  return declared.length > 0 ? { ...rest, required: declared } : rest;
}

/** What may be said of a value more than once without one meaning too few. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', 'nullable']);

/**
 * All parts at once: for objects, the union of their properties. Gives the keywords for which both have
 * a value, of which only the first is kept.
 */
export function merge(into: PageSchema, part: PageSchema): string[] {
  const { properties, required, ...rest } = part;
  const twice: string[] = [];
  for (const [key, value] of Object.entries(rest)) {
    const isOther = into[key] !== undefined && JSON.stringify(into[key]) !== JSON.stringify(value);
    if (isOther && !ANNOTATIONS.has(key)) twice.push(key);
    into[key] ??= value;
  }
  if (isPlainObject(properties)) {
    const already = isPlainObject(into['properties']) ? into['properties'] : {};
    into['properties'] = { ...already, ...properties };
  }
  if (Array.isArray(required)) into['required'] = union(into['required'], required);
  return twice;
}

/**
 * Alternatives of an object in one: their properties together, required where all of them do.
 * Undefined when one of them is something else than an object.
 */
export function mergeAlternatives(
  beside: PageSchema,
  alternatives: readonly unknown[],
): PageSchema | undefined {
  const objects = alternatives.filter(isPlainObject);
  if (objects.some(({ type, anyOf }) => (type ?? 'OBJECT') !== 'OBJECT' || anyOf)) return undefined;
  const { anyOf: _, ...result } = { ...beside };
  result['type'] = 'OBJECT';
  const properties = new Map<string, Map<string, PageSchema>>();
  for (const object of [beside, ...objects]) {
    const own = isPlainObject(object['properties']) ? Object.entries(object['properties']) : [];
    for (const [key, value] of own) {
      const forms = properties.get(key) ?? new Map<string, PageSchema>();
      if (isPlainObject(value)) properties.set(key, forms.set(JSON.stringify(value), value));
    }
  }
  if (properties.size > 0) {
    result['properties'] = Object.fromEntries(
      [...properties].map(([key, forms]) => [key, combine(flat([...forms.values()]))]),
    );
  }
  const [first = [], ...others] = objects.map(({ required }) => listOf(required));
  const sets = others.map((names) => new Set(names));
  const shared = first.filter((name) => sets.every((names) => names.has(name)));
  const required = union(beside['required'], shared).filter((name) => properties.has(String(name)));
  if (required.length > 0) result['required'] = required;
  else delete result['required'];
  return result;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const union = (a: unknown, b: unknown): unknown[] => [...new Set([...listOf(a), ...listOf(b)])];

/** Texts that are one of some words, as they tell alternatives apart, are one such text. */
function flat(forms: readonly PageSchema[]): readonly PageSchema[] {
  const words = forms.map((form) => form['enum']);
  const [first] = forms;
  if (forms.length < 2 || !first || !words.every(Array.isArray)) return forms;
  return [{ ...first, enum: [...new Set(words.flat())] }];
}
