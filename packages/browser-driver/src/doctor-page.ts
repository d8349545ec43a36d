import { createLogger, findProfile, loadConfig, readProfile } from '@aistudio/core';
import { createOutbound, listenRelay, toProxySettings } from '@aistudio/outbound';

import { launchBrowser, pinOf } from './browser/browser.ts';
import { type Finding, surveyPage } from './page/survey.ts';
import { openTab } from './page/tab.ts';

/** Longest time for the whole visit, ms. */
const VISIT_MS = 90_000;

/**
 * `doctor --page`: opens AI Studio as the driver would and says for every selector which alternate
 * finds its element, so that one sees at once what an update of the page broke. `--json` prints the
 * findings as JSON. Exits 1 when the page cannot be used.
 */
async function main(): Promise<number> {
  const config = loadConfig();
  const log = createLogger('doctor', { level: 'error', format: config.LOG_FORMAT });
  const outbound = createOutbound({
    ...toProxySettings(config),
    resolve: config.AI_STUDIO_RESOLVE,
  });
  await using relay = outbound.hasProxy ? await listenRelay(outbound, log) : undefined;
  const browser = await launchBrowser(
    {
      chromiumPath: config.CHROMIUM_PATH,
      isSandboxed: config.CHROMIUM_SANDBOX,
      isHeadless: config.HEADLESS,
      pins: config.AI_STUDIO_CA ? [pinOf(config.AI_STUDIO_CA)] : [],
      resolve: config.AI_STUDIO_RESOLVE,
    },
    log,
  );
  try {
    const tab = await openTab(browser, {
      proxy: undefined,
      profile: await readProfile(await findProfile(config)),
      relay,
      hasEvidence: false,
      authUser: config.AUTH_USER,
    });
    const signal = AbortSignal.timeout(VISIT_MS);
    await tab.studio.open(signal);
    await tab.studio.newChat(signal);
    const findings = await surveyPage(tab.studio, signal);
    const isJson = process.argv.includes('--json');
    process.stdout.write(isJson ? `${JSON.stringify(findings)}\n` : toTable(findings));
    return findings.some(({ status }) => status === 'missing') ? 1 : 0;
  } finally {
    await browser.close();
  }
}

function toTable(findings: readonly Finding[]): string {
  const marks = { found: '✓', missing: '✗', absent: '·' } as const;
  const lines = findings.map(({ name, status, alternate, alternates, selector }) => {
    const what =
      status === 'found'
        ? `${alternate} of ${alternates}  ${selector}`
        : status === 'missing'
          ? `none of ${alternates} finds it`
          : `not on this page (${alternates} known)`;
    return `${marks[status]} ${name.padEnd(20)} ${what}\n`;
  });
  const missing = findings.filter(({ status }) => status === 'missing').length;
  const sum = missing === 0 ? 'The page can be used.' : `${missing} of its parts were not found.`;
  return `${lines.join('')}${sum}\n`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
