import { type FunctionDeclaration } from '@aistudio/core';

import { type PageSchema, toPageParameters } from './page-schema.ts';

/** A function as the page's editor takes it (page.md §6.6), and what that leaves out. */
export interface PageDeclaration {
  readonly declaration: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: PageSchema;
  };
  /** Why the page cannot declare the function so that its calls are right, one phrase each. */
  readonly lost: readonly string[];
  /** Where it declares less than the client did, one phrase each. */
  readonly narrowed: readonly string[];
}

/** Names that the service takes. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/;

/** Brings a client's function into the form of the page's declarations. */
export function toPageDeclaration(asked: FunctionDeclaration): PageDeclaration {
  const { name, description, parameters } = asked;
  const form = parameters && toPageParameters(parameters);
  const hasParameters = form !== undefined && Object.keys(form.schema).length > 0;
  return {
    declaration: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(hasParameters ? { parameters: form.schema } : {}),
    },
    lost: [
      ...(NAME.test(name) ? [] : ['its name has more than 64 characters or other signs']),
      ...(form?.lost ?? []),
    ],
    narrowed: form?.narrowed ?? [],
  };
}
