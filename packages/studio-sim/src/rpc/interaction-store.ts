import { randomBytes } from 'node:crypto';

import { type Directive } from '../answer/directive.ts';
import { type DecodedRequest } from '../wire/request-array.ts';

/** An interaction that the service keeps: what it was asked, and what it answers. */
export interface Interaction {
  readonly request: DecodedRequest;
  readonly directive: Directive;
}

/** The interactions of one simulator. */
export interface InteractionStore {
  get(id: string): Interaction | undefined;
  add(interaction: Interaction): string;
  cancel(id: string): boolean;
}

/** An empty store. */
export function createInteractionStore(): InteractionStore {
  const kept = new Map<string, Interaction>();
  return {
    get: (id) => kept.get(id),
    add(interaction) {
      const id = `v1_${randomBytes(16).toString('base64url')}`;
      kept.set(id, interaction);
      return id;
    },
    cancel: (id) => kept.delete(id),
  };
}
