import { type Log } from '@aistudio/core';
import { type Response } from 'express';

import { type Caller } from '../keys/caller.ts';
import { type RequestRecord } from '../monitoring/request-record.ts';

/** What every handler of one request shares. */
export interface Context {
  /** Our id: job id, log field, `x-request-id`, and of a chat the completion's id. */
  readonly id: string;
  /** Epoch ms. */
  readonly acceptedAt: number;
  /** Puts the id on every line. */
  readonly log: Log;
  /** Who sent it. */
  readonly caller: Caller;
  /** The model that its path names, as Azure's do. */
  readonly pathModel: string | undefined;
  /** What becomes of it. */
  readonly record: RequestRecord;
}

const contexts = new WeakMap<Response, Context>();

/** Ties the context to the response; first of all. */
export const setContext = (response: Response, context: Context): void => {
  contexts.set(response, context);
};

/** Says who sent the request; from now on each of its log lines does, too. */
export function setCaller(response: Response, caller: Caller): void {
  const context = contextOf(response);
  const log = context.log.child({ keyId: caller.id, keyName: caller.name });
  setContext(response, { ...context, caller, log });
}

/** The context of the request that this response answers. */
export function contextOf(response: Response): Context {
  const context = contexts.get(response);
  if (!context) throw new Error('identify() has not run');
  return context;
}
