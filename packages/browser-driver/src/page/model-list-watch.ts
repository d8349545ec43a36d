import { type ModelInfo } from '@aistudio/core';
import { parseModels } from '@aistudio/wire';
import { type Page, type Response } from 'playwright';

/** Tells of every model list that the page itself receives (wire-format.md §9). */
export function watchModelList(page: Page, onModels: (models: ModelInfo[]) => void): void {
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('/ListModels') && response.ok()) void read(response, onModels);
  });
}

async function read(response: Response, onModels: (models: ModelInfo[]) => void): Promise<void> {
  // The page may go on before its answer can be read: the next load brings another.
  const body = await response.body().catch(() => undefined);
  const models = body && parseModels(body);
  if (models) onModels(models);
}
