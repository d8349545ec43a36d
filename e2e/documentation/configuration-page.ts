import { configVariables } from '@aistudio/core';

type Variable = (typeof configVariables)[number];

/** Sections of the page, by the beginnings of the settings' names; the first match counts. */
const SECTIONS: readonly { readonly title: string; readonly names: RegExp }[] = [
  { title: 'Addresses and folders', names: /^(HOST|PORT|STREAM_|REDIS_|CERTS_|DATA_)/ },
  { title: 'Upstream proxy', names: /PROXY/ },
  {
    title: 'Browser and account',
    names: /^(CHROMIUM_|AUTH_|PROFILE|HEADLESS|ERRORS_|PAGE_PACK|CANARY_)/,
  },
  { title: 'API keys and access', names: /^(API_KEY|ADMIN_|CORS_|KEY_REQUESTS|ALLOWED_)/ },
  { title: 'Queue', names: /^(WORKER_|SHUTDOWN_|QUEUE_|PRIORITY|BACKGROUND_)/ },
  {
    title: 'Timeouts and answers',
    names: /^(RESPONSE_|FIRST_TOKEN_|SILENCE_|PAGE_|RATE_|KEEP_ALIVE_|BLANK_|REASONING_)/,
  },
  {
    title: 'Requests and defaults',
    names: /^(MODEL_|EXCLUDED_|DEFAULT_|STRICT_|MAX_BODY|DOWNLOAD_|FUNCTION_|TOOL_|JSON_)/,
  },
  { title: 'Helper service', names: /^HELPER_/ },
  { title: 'Logging', names: /^LOG/ },
  { title: 'Tests and demo', names: /^(AI_STUDIO_|SIM_)/ },
  { title: 'Other settings', names: /^/ },
];

const INTRODUCTION = `# Configuration

Every setting is an environment variable. A setting that the environment lacks is read from the file \`.env\` in the
project's root; copy [\`.env.example\`](../../.env.example) to start one.

- An empty value counts as unset.
- Switches take \`on\`, \`true\`, \`yes\`, \`1\` and \`off\`, \`false\`, \`no\`, \`0\`.
- A process with an invalid setting does not start; the error names every invalid setting.

\`pnpm docs:configuration\` writes this page from \`packages/core/src/config.ts\`, and a test compares the two.
`;

const MAX_LINE = 118;

/** The text of docs/reference/configuration.md, generated from the schema of the settings. */
export function configurationPage(): string {
  const left = new Set(configVariables);
  const sections = SECTIONS.flatMap(({ title, names }) => {
    const variables = [...left].filter(({ name }) => names.test(name));
    for (const variable of variables) left.delete(variable);
    return variables.length > 0 ? [`## ${title}\n\n${variables.map(item).join('\n')}\n`] : [];
  });
  return [INTRODUCTION, ...sections].join('\n');
}

/** A description holds its unit in parentheses: `Longest time a request waits for a page (ms)`. */
function item({ name, description, default: value }: Variable): string {
  const unit = / \((ms|s|hours|bytes|tokens)\)/.exec(description);
  const text = unit ? description.replace(unit[0], '') : description;
  const suffix = unit ? ` ${unit[1]}` : '';
  const shown = value === '' ? '' : ` (default \`${value}\`${suffix})`;
  return wrap(`- \`${name}\`${shown}: ${text}`);
}

/** Breaks a list item at blanks outside of code, so that it can be read in a terminal. */
function wrap(text: string): string {
  const words = text.match(/(?:`[^`]*`|\S)+/g) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + word.length + 1 > MAX_LINE) {
      lines.push(line);
      line = ' ';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
