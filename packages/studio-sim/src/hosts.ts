/** The real host names the simulator answers for (wire-format.md §1). */
export const HOSTS = {
  page: 'aistudio.google.com',
  rpc: 'alkalimakersuite-pa.clients6.google.com',
  accounts: 'accounts.google.com',
  attestation: 'waa-pa.clients6.google.com',
  fallback: 'www.gstatic.com',
} as const;

/** The page's origin: the only one the RPC host lets in. */
export const PAGE_ORIGIN = `https://${HOSTS.page}`;

/** Path of every method of the RPC host, without the method's name. */
export const RPC_PATH =
  '/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/';
