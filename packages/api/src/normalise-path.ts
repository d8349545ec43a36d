/** What clients ask for without `/v1`, as their first path segment (openai-behaviours M-02). */
const RESOURCES: ReadonlySet<string> = new Set([
  'audio',
  'chat',
  'completions',
  'embeddings',
  'files',
  'fine-tuning',
  'fine_tuning',
  'images',
  'models',
  'moderations',
]);
const PREFIXES: ReadonlySet<string> = new Set(['v1', 'openai']);

/**
 * The one spelling of a path that the routes know: no doubled or trailing slash, `/v1` once and in
 * front, also where the client says `/openai/…`, `/api/v1/…`, `/v1/v1/…` or nothing. `url` is a
 * request's path with its query, which stays as it is.
 */
export function normalisePath(url: string): string {
  const [path = '', ...query] = url.split('?');
  const rest = path.split('/').filter(Boolean);
  const isApi = rest[0] === 'api' && PREFIXES.has(rest[1] ?? '');
  if (isApi) rest.shift();
  let isVersioned = false;
  while (PREFIXES.has(rest[0] ?? '')) {
    rest.shift();
    isVersioned = true;
  }
  if (isVersioned || RESOURCES.has(rest[0] ?? '')) rest.unshift('v1');
  return [`/${rest.join('/')}`, ...query].join('?');
}
