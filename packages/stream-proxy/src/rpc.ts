import { type Rpc, type RpcNames, rpcOf as methodOf } from '@aistudio/wire';

/** The one host whose traffic is read (wire-format.md §1). */
export const RPC_HOST = 'alkalimakersuite-pa.clients6.google.com';

/** The calls that are read. */
const READ = [
  'GenerateContent',
  'CreateInteractionStream',
  'CreateInteraction',
  'GetInteractionStream',
  'ListModels',
] as const satisfies readonly Rpc[];
/** One of them. */
export type ReadRpc = (typeof READ)[number];

/** The call that a request to {@link RPC_HOST} is, if it is read; preflights are none. */
export function rpcOf(
  method: string | undefined,
  url: string | undefined,
  names?: RpcNames,
): ReadRpc | undefined {
  const rpc = methodOf(method, url, names);
  return READ.find((read) => read === rpc);
}
