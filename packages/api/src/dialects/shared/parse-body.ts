import { StudioError } from '@aistudio/core';
import { type z } from 'zod';

/**
 * A request body in the shape of `schema`. Throws `invalid_value` that names the first field at
 * fault as the client wrote it, for example `messages[2].content[0].type`.
 */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const param = path.map(toStep).join('').replace(/^\./, '');
  if (!param) throw new StudioError('invalid_value', 'The body must be a JSON object.');
  const isMissing = path.reduce<unknown>(valueAt, body) === undefined;
  throw new StudioError(
    'invalid_value',
    isMissing
      ? `Missing required parameter: '${param}'.`
      : `Invalid value for '${param}': ${toReason(issue)}.`,
    { param },
  );
}

const toStep = (key: PropertyKey): string =>
  typeof key === 'number' ? `[${key}]` : `.${String(key)}`;

const valueAt = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function toReason(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return `expected one of ${issue.options.join(', ')}`;
  }
  return (issue?.message ?? 'not understood').replace(/^(Invalid input|Too \w+): /, '');
}
