import { parseModels } from '@aistudio/wire';
import { type Page, type Response } from 'playwright';

/** What of the page's own calls was seen. Nothing of their contents is kept. */
export interface WireReport {
  /** By call: how often, with which HTTP statuses. */
  readonly calls: Readonly<Record<string, { readonly count: number; readonly statuses: number[] }>>;
  /** How the model list decodes; absent: none was seen. */
  readonly modelList?: {
    /** How many records decode; 0: the body is of an unknown form. */
    readonly models: number;
    /** By field, in how many of them its position holds what is expected. */
    readonly held: Readonly<Record<string, number>>;
  };
}

/** Calls end with their name: `…/google.internal…MakerSuiteService/ListModels` (wire-format.md §1). */
const CALL = /MakerSuiteService\/(\w+)$/;

/** Watches which calls a page makes; the function gives what was seen so far. */
export function watchWire(page: Page): () => Promise<WireReport> {
  const seen: { readonly rpc: string; readonly response: Response }[] = [];
  page.on('response', (response) => {
    const [, rpc] = CALL.exec(new URL(response.url()).pathname) ?? [];
    if (rpc !== undefined && response.request().method() === 'POST') seen.push({ rpc, response });
  });
  return async () => {
    const calls: Record<string, { count: number; statuses: number[] }> = {};
    for (const { rpc, response } of seen) {
      const call = (calls[rpc] ??= { count: 0, statuses: [] });
      call.count++;
      if (!call.statuses.includes(response.status())) call.statuses.push(response.status());
    }
    const lists = seen.filter(({ rpc, response }) => rpc === 'ListModels' && response.ok());
    const body = await lists
      .at(-1)
      ?.response.body()
      .catch(() => undefined); // dropped meanwhile
    return { calls, ...(body ? { modelList: readList(body) } : {}) };
  };
}

function readList(body: Uint8Array): NonNullable<WireReport['modelList']> {
  const models = parseModels(body) ?? [];
  const held: Record<string, number> = {};
  for (const model of models) {
    for (const [field, value] of Object.entries(model)) {
      const isHeld = !Array.isArray(value) || value.length > 0;
      held[field] = (held[field] ?? 0) + (isHeld ? 1 : 0);
    }
  }
  return { models: models.length, held };
}
