import { findSchemaFault, measureSchema } from '@aistudio/core';
import { z } from 'zod';

/** A JSON Schema of a size that can be worked on; what it says is not looked at. */
export const ToolSchema = z
  .preprocess(
    // PHP writes an empty object as an empty array.
    (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    z.record(z.string(), z.unknown()),
  )
  .check(({ value, issues }) => {
    const message = excessOf(value);
    if (message !== undefined) issues.push({ code: 'custom', message, input: value });
  });

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
