import { type DecodedRequest, type FunctionDeclaration } from '../wire/request-array.ts';
import { RPC_ERRORS } from '../wire/rpc-error.ts';
import { type Schema } from '../wire/schema.ts';
import { type Json, type JsonObject } from '../wire/struct.ts';

/** Names of functions that the service takes. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;
/** Formats that the service knows, by type. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  STRING: ['enum', 'date-time'],
  NUMBER: ['float', 'double'],
  INTEGER: ['int32', 'int64'],
};
/** How many states a schema may have; the service does not say its own limit. */
const MAX_STATES = 20_000;

/**
 * Refuses declarations and response schemas that the service does not take although the page's
 * editors do, with the service's own messages, one line for each fault.
 */
export function checkSchemas({ tools, responseSchema }: DecodedRequest, toolIndex: number): void {
  const faults = [
    ...tools.functions.flatMap((each, index) =>
      functionFaults(each, `tools[${toolIndex}].function_declarations[${index}]`),
    ),
    ...(responseSchema ? schemaFaults(responseSchema, 'generation_config.response_schema') : []),
  ];
  if (faults.length > 0) {
    throw RPC_ERRORS.invalid(faults.map((fault) => `* GenerateContentRequest.${fault}\n`).join(''));
  }
  const schemas = [...tools.functions.map(({ parameters }) => parameters), responseSchema];
  if (schemas.some((schema) => schema && statesOf(schema) > MAX_STATES)) {
    throw RPC_ERRORS.invalid(
      'The specified schema produces a constraint that has too many states for serving.',
    );
  }
}

function functionFaults({ name, parameters }: FunctionDeclaration, path: string): string[] {
  return [
    ...(NAME.test(name)
      ? []
      : [
          `${path}.name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.`,
        ]),
    ...(parameters ? parameterFaults(parameters, `${path}.parameters`) : []),
  ];
}

function parameterFaults(parameters: Schema, path: string): string[] {
  if (parameters['type'] === 'OBJECT') return schemaFaults(parameters, path);
  return [`${path}: the schema of a function's parameters should be of type OBJECT.`];
}

function schemaFaults(schema: Schema, path: string): string[] {
  const { enum: options, format, items, properties } = schema;
  const type = textOf(schema['type']);
  const named = isObject(properties) ? properties : {};
  const formats = FORMATS[type] ?? [];
  const choices = listOf(options);
  return [
    ...(choices.length > 0 && type !== 'STRING'
      ? [`${path}.enum: only allowed for STRING type`]
      : []),
    ...choices.flatMap((value, index) =>
      value === '' ? [`${path}.enum[${index}]: cannot be empty`] : [],
    ),
    ...(typeof format === 'string' && !formats.includes(format)
      ? [
          `${path}.format: only ${formats.map((each) => `'${each}'`).join(' and ')} are supported for ${type} type`,
        ]
      : []),
    ...(type === 'OBJECT' && Object.keys(named).length === 0
      ? [`${path}.properties: should be non-empty for OBJECT type`]
      : []),
    ...(type === 'ARRAY' && items === undefined ? [`${path}.items: missing field.`] : []),
    ...listOf(schema['required'])
      .map(textOf)
      .flatMap((name, index) =>
        Object.hasOwn(named, name) ? [] : [`${path}.required[${index}]: property is not defined`],
      ),
    ...innerOf(schema).flatMap(([step, inner]) => schemaFaults(inner, `${path}.${step}`)),
  ];
}

/** The schemas inside a schema, with the steps that lead to them. */
function innerOf({ items, properties, anyOf }: Schema): (readonly [string, Schema])[] {
  return [
    ...(isObject(items) ? [['items', items] as const] : []),
    ...Object.entries(isObject(properties) ? properties : {}).map(
      ([name, inner]) => [`properties[${name}]`, isObject(inner) ? inner : {}] as const,
    ),
    ...listOf(anyOf).map(
      (inner, index) => [`any_of[${index}]`, isObject(inner) ? inner : {}] as const,
    ),
  ];
}

/** About how many states a value's grammar has: names, choices, and lists of bounded length. */
function statesOf(schema: Schema): number {
  const { enum: options, maxItems, properties } = schema;
  const names = Object.keys(isObject(properties) ? properties : {});
  const own = [...names, ...listOf(options).map(textOf)].join(' ').length + 1;
  const inner = innerOf(schema).reduce<number>((sum, [, each]) => sum + statesOf(each), 0);
  return own + inner * (typeof maxItems === 'number' ? Math.max(1, maxItems) : 1);
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);
