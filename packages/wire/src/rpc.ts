/**
 * The service's methods that matter here, by the names that we call them (wire-format.md §3); the
 * values are what stands in the address. Plain data, so that another table can be given in its place.
 */
export const rpcNames = {
  GenerateContent: 'GenerateContent',
  CreateInteractionStream: 'CreateInteractionStream',
  CreateInteraction: 'CreateInteraction',
  GetInteractionStream: 'GetInteractionStream',
  ListModels: 'ListModels',
  CountTokens: 'CountTokens',
  GenerateAccessToken: 'GenerateAccessToken',
  GetLoggingContext: 'GetLoggingContext',
} as const;

/** A method, by the name that we call it. */
export type Rpc = keyof typeof rpcNames;

/** A table of method names like {@link rpcNames}. */
export type RpcNames = { readonly [K in Rpc]: string };

/**
 * A method by which the page asks a model: a stream of frames, a stream of an interaction's events,
 * an interaction in the background, or the stream of one that runs there.
 */
export type ModelRpc =
  | 'GenerateContent'
  | 'CreateInteractionStream'
  | 'CreateInteraction'
  | 'GetInteractionStream';

const MODEL_RPCS: ReadonlySet<string> = new Set<ModelRpc>([
  'GenerateContent',
  'CreateInteractionStream',
  'CreateInteraction',
  'GetInteractionStream',
]);

/** Whether the page asks a model by this method. */
export const isModelRpc = (rpc: Rpc | undefined): rpc is ModelRpc =>
  rpc !== undefined && MODEL_RPCS.has(rpc);

/**
 * The method that a request is, by HTTP method and address or path (wire-format.md §1). A preflight
 * is none, and neither is a request that has the name in its query.
 */
export function rpcOf(
  method: string | undefined,
  url: string | undefined,
  names: RpcNames = rpcNames,
): Rpc | undefined {
  if (method !== 'POST') return undefined;
  const path = url?.split(/[?#]/)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  return ALL.find((rpc) => names[rpc] === last);
}

const ALL: readonly Rpc[] = Object.keys(rpcNames).filter((name): name is Rpc => name in rpcNames);
