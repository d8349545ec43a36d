/** The one host whose traffic is read (wire-format.md §1). */
export const RPC_HOST = 'alkalimakersuite-pa.clients6.google.com';

/** The calls that are read. */
export type Rpc = 'GenerateContent' | 'ListModels';

/** The call that a request to {@link RPC_HOST} is, by method and path; preflights are none. */
export function rpcOf(method: string | undefined, url: string | undefined): Rpc | undefined {
  const path = url?.split('?')[0] ?? '';
  if (method !== 'POST') return undefined;
  if (path.endsWith('/GenerateContent')) return 'GenerateContent';
  return path.endsWith('/ListModels') ? 'ListModels' : undefined;
}
