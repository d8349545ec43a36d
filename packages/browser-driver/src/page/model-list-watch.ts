import { type ModelInfo } from '@aistudio/core';
import { parseModels, rpcOf, type WirePositions, type WireTables } from '@aistudio/wire';
import { type Page, type Response } from 'playwright';

/** Reports every model list that the page itself receives (wire-format.md §9). */
export function watchModelList(
  page: Page,
  onModels: (models: ModelInfo[]) => void,
  tables: WireTables = {},
): void {
  page.on('response', (response) => {
    const rpc = rpcOf(response.request().method(), response.url(), tables.names);
    if (rpc === 'ListModels' && response.ok()) void read(response, onModels, tables.positions);
  });
}

async function read(
  response: Response,
  onModels: (models: ModelInfo[]) => void,
  positions: WirePositions | undefined,
): Promise<void> {
  // The page may go on before its answer can be read: the next load brings another.
  const body = await response.body().catch(() => undefined);
  const models = body && parseModels(body, positions);
  if (models) onModels(models);
}
