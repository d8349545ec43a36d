import { isPlainObject, type JsonObject } from '@aistudio/core';

import { type PageSchema } from './page-schema.ts';

/** Keywords that tell the type where `type` does not. */
const SIGNS: readonly (readonly [type: string, keywords: readonly string[]])[] = [
  [
    'object',
    [
      'properties',
      'patternProperties',
      'propertyNames',
      'additionalProperties',
      'required',
      'minProperties',
      'maxProperties',
      'dependentRequired',
      'dependentSchemas',
    ],
  ],
  ['array', ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems']],
  ['string', ['pattern', 'minLength', 'maxLength']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

/** The types that a schema says a value has, or shows by its other keywords; empty = any. */
export function typesOf(source: JsonObject): string[] {
  const { type } = source;
  if (type !== undefined) return [type].flat().map(String);
  const sign = SIGNS.find(([, keywords]) =>
    keywords.some((keyword) => source[keyword] !== undefined),
  );
  return sign ? [sign[0]] : [];
}

/** What is for people to read. */
export function annotationsOf({ title, description }: JsonObject): PageSchema {
  return withoutUndefined({ title, description });
}

/** The keywords that have a value. */
export const withoutUndefined = (record: PageSchema): PageSchema =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** Both at once, as far as one object can hold them. */
export function overlay(target: JsonObject, beside: JsonObject): JsonObject {
  const { properties, required } = target;
  return {
    ...target,
    ...beside,
    ...(isPlainObject(properties) && isPlainObject(beside['properties'])
      ? { properties: { ...properties, ...beside['properties'] } }
      : {}),
    ...(Array.isArray(required) && Array.isArray(beside['required'])
      ? { required: [...new Set([...required, ...beside['required']])] }
      : {}),
  };
}

/** Whether a value of the one type can be of the other as well. */
export const isPossible = (one: unknown, other: unknown): boolean =>
  one === undefined || one === other || (one === 'INTEGER' && other === 'NUMBER');

/** The value, where it is a list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
