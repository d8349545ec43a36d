import { z } from 'zod';

import {
  hostNames,
  list,
  modelMap,
  origins,
  phrases,
  proxyUrl,
  resolveMap,
} from './config-values.ts';
import { StudioError } from './errors.ts';
import { FunctionCallingMode } from './job.ts';

const wholeNumber = z.coerce.number().int().nonnegative();
const port = wholeNumber.max(65_535);
/** Node fires a longer timer at once; sums of two limits must stay below its 2^31 - 1 ms, too. */
const MAX_MS = 1_000_000_000;
const tooLong = 'longer than 1000000000 ms (11.5 days), the longest time that can be waited for';
/** A time that may be none. */
const milliseconds = wholeNumber.max(MAX_MS, tooLong);
/** A limit: 0 would end everything at once. */
const limitMs = milliseconds.min(1, '0 would end every request at once; give a time in ms');
const seconds = wholeNumber.max(MAX_MS / 1000, 'longer than 1000000 s (11.5 days)');
const optional = z.string().min(1).optional();
const filePath = optional;

const Config = z.object({
  HOST: z.string().default('127.0.0.1').describe('where the API listens'),
  PORT: port.default(2048).describe('port of the API'),
  STREAM_HOST: z.string().default('127.0.0.1').describe('where the stream proxy is'),
  STREAM_PORT: port.default(3120).describe('port of the stream proxy; 0 turns it off'),
  REDIS_URL: optional.describe(
    'redis://…, rediss://… or unix:///path; unset: a private Redis is started',
  ),
  DATA_DIR: z
    .string()
    .default('data')
    .describe('where the Redis that `pnpm start` runs keeps what outlives it'),
  CERTS_DIR: z.string().default('certs').describe('where the stream proxy keeps its CA and key'),
  CHROMIUM_PATH: filePath.describe(
    'the browser to use; unset: Playwright’s own, then the system’s',
  ),
  CHROMIUM_SANDBOX: z
    .stringbool()
    .default(true)
    .describe(
      'false: Chromium runs without its sandbox, where the machine forbids user namespaces',
    ),
  AUTH_PROFILE: filePath.describe(
    'the signed-in profile (Playwright storage state); unset: the active one of AUTH_PROFILES_DIR',
  ),
  AUTH_PROFILES_DIR: z
    .string()
    .default('auth_profiles')
    .describe('where `pnpm signin` keeps its profiles'),
  AUTH_USER: wholeNumber
    .default(0)
    .describe(
      'which of several accounts in the profile is used: the number in /u/N/ of AI Studio’s addresses',
    ),
  EXCLUDED_MODELS_FILENAME: filePath.describe(
    'file with one model id per line that is never offered; unset: all are',
  ),
  ERRORS_DIR: z
    .string()
    .default('errors')
    .describe('where snapshots of a failing page go; the newest 50 are kept'),
  PAGE_PACK: z
    .string()
    .min(1)
    .default('page-packs')
    .describe(
      'page pack (a JSON file, or a folder of them): corrections to what is known of AI Studio’s page, read again when they change',
    ),
  CANARY_HOURS: z.coerce
    .number()
    .nonnegative()
    .max(500)
    .default(24)
    .describe('time between two looks for changes at an idle page, hours; 0: never'),
  HEADLESS: z.stringbool().default(true).describe('false shows the browser window'),
  WORKER_CONCURRENCY: wholeNumber.min(1).default(1).describe('pages per worker'),
  QUEUE_LIMIT: wholeNumber.min(1).default(100).describe('waiting requests before 429 queue_full'),
  QUEUE_MAX_BYTES: wholeNumber
    .min(1)
    .default(512 * 1024 * 1024)
    .describe(
      'total size of the waiting and running requests, files included, before 429 queue_full, bytes',
    ),
  QUEUE_TIMEOUT: limitMs.default(600_000).describe('longest wait for a slot, ms'),
  RESPONSE_COMPLETION_TIMEOUT: limitMs
    .default(300_000)
    .describe('longest time from slot to the last token, ms'),
  FIRST_TOKEN_TIMEOUT_MS: limitMs
    .default(120_000)
    .describe('longest time until the model begins to think or answer, ms'),
  SILENCE_TIMEOUT_MS: limitMs.default(60_000).describe('longest silence once it has begun, ms'),
  SHUTDOWN_GRACE_MS: milliseconds
    .default(30_000)
    .describe(
      'how long running requests may take to end when the system stops, before they are cut off, ms',
    ),
  PAGE_EVIDENCE: z
    .stringbool()
    .default(true)
    .describe('off: answers are read from the page alone, never from what it receives'),
  RATE_LIMIT_COOLDOWN_SECONDS: seconds
    .default(60)
    .describe('how long a model rests after a quota answer, s'),
  HELPER_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('base URL of a service with OpenAI chat completions to fall back on; unset: none'),
  HELPER_API_KEY: optional.describe('its key, sent as bearer token'),
  HELPER_MODEL_MAP: modelMap.describe('ours=theirs,… for models that it calls otherwise'),
  HELPER_CONNECT_TIMEOUT_MS: limitMs.default(5000).describe('longest time to reach the helper, ms'),
  HELPER_FIRST_BYTE_TIMEOUT_MS: limitMs
    .default(60_000)
    .describe('longest time until the helper takes the request, ms'),
  MAX_BODY_BYTES: wholeNumber.default(100 * 1024 * 1024).describe('largest request body, bytes'),
  MODEL_ALIASES: modelMap.describe(
    'name=model,… besides the names that old clients have wired in, which are known',
  ),
  BACKGROUND_DELAY_MS: wholeNumber
    .max(5000)
    .default(750)
    .describe(
      'how long a prompt that a chat program sends by itself lets real ones go first, ms; 0: not at all',
    ),
  BACKGROUND_PROMPTS: phrases.describe(
    'phrase|phrase|… near the beginning of such prompts, besides those that are known',
  ),
  STRICT_PARAMS: z
    .stringbool()
    .default(false)
    .describe('true refuses parameters that have no effect here but would have shaped the answer'),
  DOWNLOAD_MAX_BYTES: wholeNumber
    .default(50 * 1024 * 1024)
    .describe('largest total of the files that one request names by address, bytes'),
  DOWNLOAD_TIMEOUT_MS: limitMs
    .default(20_000)
    .describe('longest time to fetch the files that one request names by address, ms'),
  DEFAULT_TEMPERATURE: z.coerce
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('0–2; unset: the model’s own'),
  DEFAULT_TOP_P: z.coerce.number().min(0).max(1).optional().describe('0–1; unset: the model’s own'),
  DEFAULT_MAX_OUTPUT_TOKENS: wholeNumber
    .min(1)
    .optional()
    .describe('tokens; unset: the model’s own'),
  FUNCTION_CALLING_MODE: FunctionCallingMode.default('auto').describe(
    'native: by the page’s own declarations, emulated: in words, auto: in words where the page cannot',
  ),
  JSON_REPAIR: z
    .stringbool()
    .default(false)
    .describe(
      'true: an answer that breaks its response_format is asked for once more, not streamed',
    ),
  UNIFIED_PROXY_CONFIG: proxyUrl.describe(
    'your own proxy to the outside, http://, https:// or socks5://[user:password@]host:port; unset: HTTPS_PROXY and HTTP_PROXY',
  ),
  HTTPS_PROXY: proxyUrl.describe('the same for encrypted connections alone'),
  HTTP_PROXY: proxyUrl.describe('the same for unencrypted ones alone'),
  NO_PROXY: list.describe(
    'comma-separated: hosts, .domains, addresses, CIDR ranges that are reached without it, as this machine always is',
  ),
  API_KEYS: list.describe('comma-separated; unset: no key is asked for on loopback'),
  ADMIN_KEY: optional.describe(
    'guards /api/keys; unset: one is made and printed at the first start',
  ),
  KEY_REQUESTS_PER_MINUTE: wholeNumber
    .default(0)
    .describe('requests for an answer that a key may send per minute; 0: any number'),
  KEEP_ALIVE_STYLE: z
    .enum(['comment', 'chunk'])
    .default('comment')
    .describe(
      'what a silent stream sends: a comment, or a chunk without content for clients that trip over comments',
    ),
  BLANK_LINES_AFTER_MS: milliseconds
    .default(100_000)
    .describe(
      'an answer in one piece that takes longer is kept alive by blank lines, ms; 0: never',
    ),
  REASONING_MIRROR: z
    .stringbool()
    .default(false)
    .describe('true: thinking goes out as reasoning, too, beside reasoning_content'),
  CORS_ORIGINS: origins.describe(
    'comma-separated: origins, loopback, SCHEME://* or *; unset: any loopback origin',
  ),
  ALLOWED_HOSTS: hostNames.describe(
    'comma-separated: names by which clients may reach the server while no key is asked for, besides addresses and local names',
  ),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('error, warn, info or debug'),
  LOG_FORMAT: z.enum(['pretty', 'json']).default('pretty').describe('pretty or json'),
  LOG_FILE: filePath.describe(
    'file to log to as well, as JSON lines, rotated; unset: `pnpm start` takes logs/app.log',
  ),
  AI_STUDIO_RESOLVE: resolveMap.describe('host:port=ip:port,… for tests and the demo'),
  AI_STUDIO_CA: filePath.describe('extra trusted CA (PEM file) for tests and the demo'),
  SIM_HOST: z.string().default('127.0.0.1').describe('where the simulator’s HTTPS port listens'),
  SIM_PORT: port.default(0).describe('HTTPS port of the simulator; 0: any free one'),
  SIM_CONTROL_PORT: port.default(4600).describe('control port of the simulator'),
  SIM_TIMING: z
    .enum(['fast', 'typical', 'measured', 'slow'])
    .default('typical')
    .describe('the simulated page’s own delays; fast is for the bench'),
  SIM_SEED: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('decides the simulated page’s random delays; 0: another one each time'),
});

/** Every setting of every process, by its environment name. */
export type Config = Readonly<z.infer<typeof Config>>;

/** Name, meaning and default (as it would be written) of every variable, for documentation and its tests. */
export const configVariables: readonly {
  readonly name: string;
  readonly description: string;
  readonly default: string;
}[] = Object.entries(Config.shape).map(([name, schema]) => {
  const value = schema.parse(undefined);
  return {
    name,
    description: schema.description ?? '',
    default: value === undefined || typeof value === 'object' ? '' : String(value),
  };
});

/** Whether both listen on one address: an address for all interfaces includes every other. */
const isSameHost = (one: string, other: string): boolean =>
  one === other || [one, other].some((host) => host === '0.0.0.0' || host === '::');

/** By custom these are written in small letters, too. */
const IN_SMALL_LETTERS = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/** Checks the environment once, at process start. Throws one message that names every fault. */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const small = IN_SMALL_LETTERS.map((name) => [name, environment[name.toLowerCase()]] as const);
  const both = { ...Object.fromEntries(small), ...environment };
  const given = Object.fromEntries(
    Object.entries(both).filter(([name, value]) => name in Config.shape && value),
  );
  const parsed = Config.safeParse(given);
  if (!parsed.success) {
    const faults = z.prettifyError(parsed.error);
    throw new StudioError('not_ready', `Bad configuration:\n${faults}`);
  }
  const { PORT, STREAM_PORT, STREAM_HOST, HOST } = parsed.data;
  if (PORT !== 0 && PORT === STREAM_PORT && isSameHost(HOST, STREAM_HOST)) {
    throw new StudioError(
      'not_ready',
      `Bad configuration:\n✖ PORT and STREAM_PORT are both ${PORT}; give one of them another port.`,
    );
  }
  return Object.freeze(parsed.data);
}
