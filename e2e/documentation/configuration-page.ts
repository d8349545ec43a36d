import { configVariables } from '@aistudio/core';

type Variable = (typeof configVariables)[number];

/** What belongs together, by the beginnings of the names; the first that fits counts. */
const GROUPS: readonly { readonly title: string; readonly names: RegExp }[] = [
  { title: 'Where everything is', names: /^(HOST|PORT|STREAM_|REDIS_|CERTS_|DATA_)/ },
  { title: 'The way to the internet', names: /PROXY/ },
  {
    title: 'The browser and the account',
    names: /^(CHROMIUM_|AUTH_|PROFILE|HEADLESS|ERRORS_|PAGE_PACK|CANARY_)/,
  },
  { title: 'Who may ask', names: /^(API_KEY|ADMIN_|CORS_|KEY_)/ },
  { title: 'The queue', names: /^(WORKER_|SHUTDOWN_|QUEUE_|PRIORITY|BACKGROUND_)/ },
  {
    title: 'One answer',
    names: /^(RESPONSE_|FIRST_TOKEN_|SILENCE_|PAGE_|RATE_|KEEP_ALIVE_|BLANK_|REASONING_)/,
  },
  {
    title: 'What a request may ask for',
    names: /^(MODEL_|EXCLUDED_|DEFAULT_|STRICT_|MAX_BODY|DOWNLOAD_|FUNCTION_|TOOL_|JSON_)/,
  },
  { title: 'The helper', names: /^HELPER_/ },
  { title: 'Logs', names: /^LOG/ },
  { title: 'Tests and the demo', names: /^(AI_STUDIO_|SIM_)/ },
  { title: 'Others', names: /^/ },
];

const HEAD = `# Settings

Every setting is an environment variable; what is not set in the environment is read from the file \`.env\` in the project's root
([\`.env.example\`](../../.env.example) is a copy to begin with). An empty value is as none. A wrong one is an error at the start that names
the variable and every other fault. \`on\`, \`true\`, \`yes\`, \`1\` switch on, \`off\`, \`false\`, \`no\`, \`0\` off.

This page is written by \`pnpm docs:configuration\` from \`packages/core/src/config.ts\`, and a test holds it to that.
`;

/** docs/reference/configuration.md as the schema of the settings has it, before it is formatted. */
export function configurationPage(): string {
  const left = new Set(configVariables);
  const sections = GROUPS.flatMap(({ title, names }) => {
    const variables = [...left].filter(({ name }) => names.test(name));
    for (const variable of variables) left.delete(variable);
    return variables.length > 0 ? [section(title, variables)] : [];
  });
  return [HEAD, ...sections].join('\n');
}

function section(title: string, variables: readonly Variable[]): string {
  const head = `## ${title}\n\n| variable | default | unit | what it says |\n| --- | --- | --- | --- |`;
  return `${head}\n${variables.map(row).join('\n')}\n`;
}

/** Descriptions end with the unit where there is one: `longest wait for a slot, ms`. */
function row({ name, description, default: value }: Variable): string {
  const unit = /, (ms|s|hours|bytes|tokens)(?=;|$)/.exec(description);
  const words = unit ? description.replace(unit[0], '') : description;
  const shown = value === '' ? '' : `\`${value}\``;
  return `| \`${name}\` | ${shown} | ${unit?.[1] ?? ''} | ${words.replaceAll('|', '\\|')} |`;
}
