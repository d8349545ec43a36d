/** What clients ask for without `/v1`, as their first path segment (openai-behaviours M-02). */
const RESOURCES: ReadonlySet<string> = new Set([
  'assistants',
  'audio',
  'batches',
  'chat',
  'completions',
  'conversations',
  'embeddings',
  'files',
  'fine-tuning',
  'fine_tuning',
  'images',
  'messages',
  'models',
  'moderations',
  'realtime',
  'rerank',
  'responses',
  'threads',
  'uploads',
  'vector_stores',
  'videos',
]);
/** What stands before a resource, in any number and order. */
const PREFIXES: ReadonlySet<string> = new Set(['v1', 'openai']);
/** Words after which the next segment is a model's name, in the paths of other services. */
const DEPLOYMENTS: ReadonlySet<string> = new Set(['deployments', 'engines']);
/** Whole endpoints, which people paste where a base URL is asked for. */
const ENDPOINTS: readonly (readonly string[])[] = [
  ['chat', 'completions'],
  ['chat'],
  ['messages'],
  ['completions'],
  ['responses'],
  ['embeddings'],
];
/** First segments of paths that are no part of OpenAI's API. */
const OWN: ReadonlySet<string> = new Set(['api', 'health', 'metrics', 'v1beta']);

/** A path in the one spelling that the routes know. */
export interface NormalPath {
  /** With its query, which stays as it is. */
  readonly url: string;
  /** The model that the path names, as Azure's do; for bodies that name none. */
  readonly model: string | undefined;
}

/**
 * The one spelling of a path that the routes know: without a host, a doubled or trailing slash, its
 * fixed words in lower case, `/v1` once and in front, also where the client says `/openai/…`,
 * `/api/v1/…`, `/v1/v1/…`, `/v1beta/openai/…`, `/openai/deployments/{model}/…` or nothing, or has a whole
 * endpoint for its base URL. `url` is a request's path with its query, or a whole address.
 */
export function normalisePath(url: string): NormalPath {
  const [address = '', ...query] = url.split('?');
  const rest = withoutHost(address).split('/').filter(Boolean);
  const { isVersioned, model } = strip(rest);
  while (repeats(rest)) strip(rest);
  if (isVersioned || RESOURCES.has(wordOf(rest[0]))) {
    lowerFixedWords(rest);
    rest.unshift('v1');
  } else if (OWN.has(wordOf(rest[0]))) {
    rest[0] = wordOf(rest[0]);
    if (rest[1] !== undefined) rest[1] = wordOf(rest[1]);
  }
  return { url: [`/${rest.join('/')}`, ...query].join('?'), model };
}

/** A path, or that of a whole address, as proxies are asked. */
export const withoutHost = (url: string): string => url.replace(/^https?:\/\/[^/?]*/i, '') || '/';

const wordOf = (segment: string | undefined): string => (segment ?? '').toLowerCase();

/** Takes what stands before the resource off the path. */
function strip(rest: string[]): { readonly isVersioned: boolean; readonly model?: string } {
  const [first, second, third] = rest.slice(0, 3).map(wordOf);
  const isOpenWebUi = second === 'chat' && third === 'completions';
  if (first === 'api' && (PREFIXES.has(second ?? '') || isOpenWebUi)) rest.shift();
  let isVersioned = false;
  while (isPrefix(rest)) {
    rest.shift();
    isVersioned = true;
  }
  if (!DEPLOYMENTS.has(wordOf(rest[0])) || rest.length < 3) return { isVersioned };
  const [, model = ''] = rest.splice(0, 2);
  return { isVersioned: true, model: decode(model) };
}

/** Whether a version or service comes first; Google's version holds calls of its own besides OpenAI's. */
function isPrefix(rest: readonly string[]): boolean {
  const [first, second] = rest.slice(0, 2).map(wordOf);
  if (first === 'v1beta') return second === 'chat' || PREFIXES.has(second ?? '');
  return PREFIXES.has(first ?? '');
}

/** Takes an endpoint off that another one follows. */
function repeats(rest: string[]): boolean {
  const words = rest.map(wordOf);
  const pasted = ENDPOINTS.find((endpoint) => endpoint.every((word, at) => words[at] === word));
  const next = pasted && words[pasted.length];
  if (!pasted || next === undefined) return false;
  if (!RESOURCES.has(next) && !PREFIXES.has(next)) return false;
  rest.splice(0, pasted.length);
  return true;
}

/** All words are fixed but ids: those of models and requests may have capitals. */
function lowerFixedWords(rest: string[]): void {
  const [first] = rest.map(wordOf);
  const fixed = first === 'models' || first === 'cancel' || first === 'files' ? 1 : rest.length;
  for (let at = 0; at < fixed; at++) rest[at] = wordOf(rest[at]);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
