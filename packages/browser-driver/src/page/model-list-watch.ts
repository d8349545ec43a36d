import { type ModelInfo } from '@aistudio/core';
import { parseModels, rpcOf, type WirePositions, type WireTables } from '@aistudio/wire';

import { type Exchange, type Network } from './network.ts';

/** Reports every model list that the page itself receives (wire-format.md §9). */
export function watchModelList(
  network: Network,
  onModels: (models: ModelInfo[]) => void,
  tables: WireTables = {},
): void {
  network.on('finished', (exchange) => {
    const rpc = rpcOf(exchange.method, exchange.url, tables.names);
    const status = exchange.response?.status ?? 0;
    if (rpc === 'ListModels' && status >= 200 && status < 300) {
      void read(exchange, onModels, tables.positions);
    }
  });
}

async function read(
  exchange: Exchange,
  onModels: (models: ModelInfo[]) => void,
  positions: WirePositions | undefined,
): Promise<void> {
  // The page may go on before its answer can be read: the next load brings another.
  const body = await exchange.readResponse();
  const models = body && parseModels(body, positions);
  if (models) onModels(models);
}
