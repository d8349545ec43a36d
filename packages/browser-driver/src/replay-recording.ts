import { createLogger, deadline, type JobEvent, loadConfig } from '@aistudio/core';
import { findSecrets, readRecording, SecretsFoundError } from '@aistudio/recorder';

import { launchBrowser } from './browser/browser.ts';
import { openKnowledge, wireTablesOf } from './page/page-knowledge.ts';
import { EXPECTED_STEPS } from './page/replay/needed.ts';
import { type CallReport, replayCalls } from './page/replay/replay-calls.ts';
import { replaySteps, type StepReport } from './page/replay/replay-steps.ts';
import { serveRecording } from './page/replay/serve-recording.ts';
import { openTab } from './page/tab.ts';

/** Longest time for the whole replay, ms. */
const REPLAY_MS = 120_000;

/** What came of a replay. */
interface Report {
  readonly browser: string;
  readonly language: string;
  readonly steps: readonly StepReport[];
  readonly calls: readonly CallReport[];
  /** What keeps the driver from answering such a prompt; empty: nothing. */
  readonly problems: readonly string[];
}

/**
 * `replay FILE [--json]`: serves a recording at the real host names and lets the driver look at it:
 * which elements it still finds at each step, which calls it reads, what it would have answered.
 * Exits 1 when something is missing that a prompt needs. Nothing is asked of any other host.
 */
async function main(): Promise<number> {
  const [file, ...flags] = process.argv.slice(2);
  if (file === undefined) throw new Error('Usage: pnpm replay FILE [--json]');
  const recording = await readRecording(file);
  const secrets = findSecrets(recording);
  if (secrets.length > 0) throw new SecretsFoundError(secrets);

  const config = loadConfig();
  const log = createLogger('replay', { level: 'error', format: config.LOG_FORMAT });
  using knowledge = await openKnowledge({ path: config.PAGE_PACK, log });
  await using server = await serveRecording(recording);
  const here = `127.0.0.1:${server.port}`;
  const browser = await launchBrowser(
    {
      chromiumPath: config.CHROMIUM_PATH,
      isSandboxed: config.CHROMIUM_SANDBOX,
      isHeadless: true,
      pins: [server.spki],
      resolve: {
        ...Object.fromEntries(server.hosts.map((host) => [`${host}:443`, here])),
        '*': '~NOTFOUND',
      },
    },
    log,
  );
  try {
    const tab = await openTab(browser, {
      proxy: undefined,
      profile: undefined,
      hasEvidence: true,
      knowledge,
    });
    using limit = deadline(REPLAY_MS);
    const { page } = tab.studio;
    const steps = await replaySteps(page, recording, server, knowledge, limit.signal);
    const calls = tab.evidence
      ? await replayCalls(
          page,
          tab.evidence,
          recording,
          server,
          wireTablesOf(knowledge),
          limit.signal,
        )
      : [];
    const problems = findProblems(steps, calls);
    const report = {
      browser: recording.browser,
      language: recording.language,
      steps,
      calls,
      problems,
    };
    process.stdout.write(flags.includes('--json') ? `${JSON.stringify(report)}\n` : toText(report));
    return problems.length > 0 ? 1 : 0;
  } finally {
    await browser.close();
  }
}

function findProblems(steps: readonly StepReport[], calls: readonly CallReport[]): string[] {
  const names = steps.map(({ step }) => step);
  const answers = calls.flatMap(({ events }) => events ?? []);
  const isEnded = answers.some(({ type }) => type === 'finish' || type === 'error');
  return [
    ...EXPECTED_STEPS.filter((name) => !names.includes(name)).map(
      (name) => `the recording has no step “${name}”`,
    ),
    ...steps.flatMap(({ step, missing }) =>
      missing.map((element) => `${step}: nothing finds ${element}`),
    ),
    ...calls
      .filter(({ outcome }) => outcome === 'undecodable')
      .map(({ method, detail }) => `${method}: ${detail}`),
    ...(isEnded ? [] : ['no call has an answer with an end']),
  ];
}

function toText({ browser, language, steps, calls, problems }: Report): string {
  const lines = [`Recorded with ${browser}, page language ${language}.`, ''];
  const shown = new Set<string>();
  for (const { step, found, missing, lacking, run } of steps) {
    const later = Object.entries(found)
      .filter(([, { alternate }]) => alternate > 1)
      .map(([name, { alternate, selector }]) => `    ${name}: alternate ${alternate}, ${selector}`)
      .filter((line) => !shown.has(line));
    for (const line of later) shown.add(line);
    const count = Object.keys(found).length;
    lines.push(
      `${missing.length > 0 ? '✗' : lacking.length > 0 ? '!' : '✓'} ${step.padEnd(20)} ${count} elements found, Run is ${run}`,
      ...missing.map((element) => `    missing: ${element}`),
      ...lacking.map((element) => `    not found, done without: ${element}`),
      ...later,
    );
  }
  lines.push('');
  const marks = { decoded: '✓', kept: '·', undecodable: '✗', unanswered: '·' } as const;
  for (const { method, status, outcome, detail } of calls) {
    lines.push(`${marks[outcome]} ${method.padEnd(24)} ${status ?? 'no answer'}  ${detail}`);
  }
  const answers = calls.flatMap(({ events }) => events ?? []);
  lines.push(
    '',
    'What would have been answered, its texts as placeholders:',
    ...answers.map(toLine),
    '',
  );
  lines.push(
    problems.length === 0
      ? 'Such a prompt could be answered.'
      : `Such a prompt could not be answered:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
  );
  return `${lines.join('\n')}\n`;
}

/** How much of a text is shown, characters. */
const SHOWN = 100;

function toLine(event: JobEvent): string {
  const { type, ...rest } = event;
  const said = JSON.stringify(rest);
  return `  ${type} ${said.length > SHOWN ? `${said.slice(0, SHOWN)}…` : said}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
