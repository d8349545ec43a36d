import { type ModelList } from '@aistudio/core';
import { type RequestHandler } from 'express';

import { findModel, usableModels } from '../models/find-model.ts';
import { toModelObject } from '../models/model-object.ts';

/** Gives the live list; throws `not_ready` while there is none. */
export type ListModels = () => Promise<ModelList>;

/** `GET /v1/models`: those that can be used to chat. */
export const models =
  (listModels: ListModels): RequestHandler =>
  async (_request, response) => {
    const list = await listModels();
    response.json({
      object: 'list',
      data: usableModels(list.models).map((model) => toModelObject(model, list.at)),
    });
  };

/** `GET /v1/models/{id}`, where the id may hold slashes, encoded or not. */
export const model =
  (listModels: ListModels): RequestHandler<{ id: string[] }> =>
  async (request, response) => {
    const list = await listModels();
    response.json(toModelObject(findModel(list.models, request.params.id.join('/')), list.at));
  };
