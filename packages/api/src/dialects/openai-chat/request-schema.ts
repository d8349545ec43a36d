import { findSchemaFault, measureSchema } from '@aistudio/core';
import { z } from 'zod';

/** A JSON Schema of a size that can be worked on; what it says is not looked at. */
export const ToolSchema = z
  .preprocess(toSchemaObject, z.record(z.string(), z.unknown()))
  .check(({ value, issues }) => {
    const message = excessOf(value);
    if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  });

/** What clients send in place of an object, where its meaning is obvious. */
function toSchemaObject(value: unknown): unknown {
  if (value === true) return {};
  if (Array.isArray(value) && value.length === 0) return {}; // PHP's empty object
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** One that the answer can be held to: what cannot be used is refused at its place (E-08). */
export const AnswerSchema = z.record(z.string(), z.unknown()).check(({ value, issues }) => {
  const message = excessOf(value);
  if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  const fault = message === undefined ? findSchemaFault(value) : undefined;
  if (!fault) return;
  const reason = `not a usable JSON Schema (${fault.reason})`;
  issues.push({ code: 'custom', message: reason, input: value, path: [...fault.path] });
});

function excessOf(schema: object): string | undefined {
  try {
    measureSchema(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
