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
  HOST: z.string().default('127.0.0.1').describe('Address the API listens on'),
  PORT: port.default(2048).describe('Port of the API'),
  STREAM_HOST: z.string().default('127.0.0.1').describe('Address of the stream proxy'),
  STREAM_PORT: port.default(3120).describe('Port of the stream proxy; 0 turns it off'),
  REDIS_URL: optional.describe(
    'redis://…, rediss://… or unix:///path; unset: `pnpm start` runs a private Redis',
  ),
  DATA_DIR: z
    .string()
    .default('data')
    .describe('Folder of the private Redis that `pnpm start` runs'),
  CERTS_DIR: z
    .string()
    .default('certs')
    .describe('Folder of the stream proxy’s certificate authority and key'),
  CHROMIUM_PATH: filePath.describe('Browser to run; unset: Playwright’s own, then the system’s'),
  CHROMIUM_SANDBOX: z
    .stringbool()
    .default(true)
    .describe('false runs Chromium without its sandbox, for machines that forbid user namespaces'),
  AUTH_PROFILE: filePath.describe(
    'Signed-in profile (Playwright storage state); unset: the active one in AUTH_PROFILES_DIR',
  ),
  AUTH_PROFILES_DIR: z
    .string()
    .default('auth_profiles')
    .describe('Folder in which `pnpm signin` keeps profiles'),
  AUTH_USER: wholeNumber
    .default(0)
    .describe(
      'Which of several accounts in the profile to use: N in the /u/N/ of AI Studio’s addresses',
    ),
  EXCLUDED_MODELS_FILENAME: filePath.describe(
    'File with one model id per line; these models are not offered; unset: all are',
  ),
  ERRORS_DIR: z
    .string()
    .default('errors')
    .describe('Folder for snapshots of failing pages; the newest 50 are kept'),
  PAGE_PACK: z
    .string()
    .min(1)
    .default('page-packs')
    .describe(
      'Page pack, a JSON file or a folder of them: corrections to selectors, read again when they change',
    ),
  CANARY_HOURS: z.coerce
    .number()
    .nonnegative()
    .max(500)
    .default(24)
    .describe('Time between two checks of an idle page for changes (hours); 0: never'),
  HEADLESS: z.stringbool().default(true).describe('false shows the browser window'),
  WORKER_CONCURRENCY: wholeNumber.min(1).default(1).describe('Pages per browser driver'),
  QUEUE_LIMIT: wholeNumber
    .min(1)
    .default(100)
    .describe('Waiting requests before the API answers 429 queue_full'),
  QUEUE_MAX_BYTES: wholeNumber
    .min(1)
    .default(512 * 1024 * 1024)
    .describe(
      'Total size of waiting and running requests with their files before 429 queue_full (bytes)',
    ),
  QUEUE_TIMEOUT: limitMs.default(600_000).describe('Longest time a request waits for a page (ms)'),
  RESPONSE_COMPLETION_TIMEOUT: limitMs
    .default(300_000)
    .describe('Longest time from getting a page to the last token (ms)'),
  FIRST_TOKEN_TIMEOUT_MS: limitMs
    .default(120_000)
    .describe('Longest time until the model begins to think or answer (ms)'),
  SILENCE_TIMEOUT_MS: limitMs
    .default(60_000)
    .describe('Longest pause between two pieces of an answer (ms)'),
  SHUTDOWN_GRACE_MS: milliseconds
    .default(30_000)
    .describe('How long running requests may take to finish during shutdown (ms)'),
  PAGE_EVIDENCE: z
    .stringbool()
    .default(true)
    .describe(
      'false reads answers from the page alone, without the responses that the page receives',
    ),
  RATE_LIMIT_COOLDOWN_SECONDS: seconds
    .default(60)
    .describe('How long a model pauses after a quota error that gives no time (s)'),
  HELPER_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL of a fallback service with OpenAI chat completions; unset: none'),
  HELPER_API_KEY: optional.describe('API key of the helper, sent as bearer token'),
  HELPER_MODEL_MAP: modelMap.describe(
    'ours=theirs,… for models that have another name at the helper',
  ),
  HELPER_CONNECT_TIMEOUT_MS: limitMs
    .default(5000)
    .describe('Longest time to connect to the helper (ms)'),
  HELPER_FIRST_BYTE_TIMEOUT_MS: limitMs
    .default(60_000)
    .describe('Longest time until the helper’s response headers arrive (ms)'),
  MAX_BODY_BYTES: wholeNumber
    .default(100 * 1024 * 1024)
    .describe('Largest request body after decompression (bytes)'),
  MODEL_ALIASES: modelMap.describe('name=model,… in addition to the built-in aliases'),
  BACKGROUND_DELAY_MS: wholeNumber
    .max(5000)
    .default(750)
    .describe('How long a background prompt lets real prompts go first (ms); 0: not at all'),
  BACKGROUND_PROMPTS: phrases.describe(
    'phrase|phrase|… that mark a background prompt, in addition to the built-in ones',
  ),
  STRICT_PARAMS: z
    .stringbool()
    .default(false)
    .describe('true rejects parameters that have no effect here but would change the answer'),
  DOWNLOAD_MAX_BYTES: wholeNumber
    .default(50 * 1024 * 1024)
    .describe('Largest total size of the files that one request names by URL (bytes)'),
  DOWNLOAD_TIMEOUT_MS: limitMs
    .default(20_000)
    .describe('Longest time to download the files that one request names by URL (ms)'),
  DEFAULT_TEMPERATURE: z.coerce
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('Temperature of requests that set none, 0–2; unset: the model’s own'),
  DEFAULT_TOP_P: z.coerce
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('top_p of requests that set none, 0–1; unset: the model’s own'),
  DEFAULT_MAX_OUTPUT_TOKENS: wholeNumber
    .min(1)
    .optional()
    .describe('Output limit of requests that set none (tokens); unset: the model’s own'),
  FUNCTION_CALLING_MODE: FunctionCallingMode.default('auto').describe(
    'native: declared on the page; emulated: in the prompt; auto: in the prompt where the page cannot',
  ),
  JSON_REPAIR: z
    .stringbool()
    .default(false)
    .describe(
      'true asks the model once more when a non-streamed answer breaks its response_format',
    ),
  UNIFIED_PROXY_CONFIG: proxyUrl.describe(
    'Upstream proxy, http://, https:// or socks5://[user:password@]host:port; unset: see HTTPS_PROXY',
  ),
  HTTPS_PROXY: proxyUrl.describe('Upstream proxy for encrypted connections'),
  HTTP_PROXY: proxyUrl.describe('Upstream proxy for unencrypted connections'),
  NO_PROXY: list.describe(
    'Comma-separated hosts, .domains, addresses and CIDR ranges to reach without the upstream proxy',
  ),
  API_KEYS: list.describe('Comma-separated API keys; unset: no key is required on loopback'),
  ADMIN_KEY: optional.describe(
    'Key for /api/keys; unset: one is generated and printed at the first start',
  ),
  KEY_REQUESTS_PER_MINUTE: wholeNumber
    .default(0)
    .describe('Completion requests per key and minute; 0: no limit'),
  KEEP_ALIVE_STYLE: z
    .enum(['comment', 'chunk'])
    .default('comment')
    .describe(
      'Keep-alive of a silent stream: comment, or chunk (an empty delta) for clients that reject comments',
    ),
  BLANK_LINES_AFTER_MS: milliseconds
    .default(100_000)
    .describe('Time after which blank lines keep a non-streamed response alive (ms); 0: never'),
  REASONING_MIRROR: z
    .stringbool()
    .default(false)
    .describe('true sends thinking as reasoning in addition to reasoning_content'),
  CORS_ORIGINS: origins.describe(
    'Comma-separated origins, loopback, SCHEME://* or *; unset: any loopback origin',
  ),
  ALLOWED_HOSTS: hostNames.describe(
    'Comma-separated host names that clients may use while no key is required, besides local ones',
  ),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('error, warn, info or debug'),
  LOG_FORMAT: z.enum(['pretty', 'json']).default('pretty').describe('pretty or json'),
  LOG_FILE: filePath.describe(
    'Log file in addition to stderr (JSON lines, rotated); unset: `pnpm start` uses logs/app.log',
  ),
  AI_STUDIO_RESOLVE: resolveMap.describe('host:port=ip:port,… for tests and the demo'),
  AI_STUDIO_CA: filePath.describe('Extra trusted CA (PEM file) for tests and the demo'),
  SIM_HOST: z.string().default('127.0.0.1').describe('Address of the simulator’s HTTPS port'),
  SIM_PORT: port.default(0).describe('HTTPS port of the simulator; 0: any free port'),
  SIM_CONTROL_PORT: port.default(4600).describe('Control port of the simulator'),
  SIM_TIMING: z
    .enum(['fast', 'typical', 'measured', 'slow'])
    .default('typical')
    .describe('Delays of the simulated page: fast (benchmarks), typical, measured or slow'),
  SIM_SEED: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('Seed of the simulated page’s random delays; 0: a new one at each start'),
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
