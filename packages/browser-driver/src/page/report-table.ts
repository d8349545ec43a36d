import { type PageReport } from './examine.ts';
import { type Finding } from './survey.ts';

const MARKS = { found: '✓', ambiguous: '?', missing: '✗', absent: '·' } as const;

/** A {@link PageReport} as a person reads it. */
export function toTable(report: PageReport): string {
  const { steps, elements, run, model, settings, wire, pagePacks, canAnswer, reasons } = report;
  const packs = pagePacks.packs.length === 0 ? 'none' : pagePacks.packs.join(', ');
  const lines = [
    ...steps.map(({ step, failure }) => row(failure === undefined, step, failure ?? '')),
    row(model !== undefined, 'model', model ?? 'the page does not show which model it asks'),
    '',
    ...elements.flatMap(elementRows),
    '',
    ...runRows(run),
    ...(settings ?? []).map(({ setting, status, detail }) =>
      row(
        status === 'moved and moved back',
        setting,
        detail === undefined ? status : `${status}: ${detail}`,
      ),
    ),
    ...wireRows(wire),
    `  page packs: ${packs}`,
    '',
    canAnswer
      ? 'A prompt could be answered as asked.'
      : `A prompt could not be answered as asked: ${reasons.join('; ')}.`,
  ];
  return `${lines.join('\n')}\n`;
}

const row = (isWell: boolean, name: string, what: string): string =>
  `${isWell ? '✓' : '✗'} ${name.padEnd(20)} ${what}`.trimEnd();

function elementRows({ name, status, ...finding }: Finding): string[] {
  const { alternate, alternates, selector, pack, matches, candidates = [] } = finding;
  const from =
    (pack === undefined ? '' : ` (page pack ${pack})`) +
    (finding.isByProposal ? ' (with the proposals alone)' : '');
  const by = `${alternate} of ${alternates}  ${selector}${from}`;
  const what = {
    found: by,
    ambiguous: `${by}: ${matches} elements match`,
    missing: `none of ${alternates} finds it`,
    absent: `not on this page (${alternates} known)`,
  }[status];
  return [
    `${MARKS[status]} ${name.padEnd(20)} ${what}`,
    ...candidates.map(({ what: candidate, score, reasons, ways }) => {
      const [best] = ways;
      const way = typeof best === 'string' ? best : JSON.stringify(best);
      return `    may be: ${candidate}  ${way}  (${score} points: ${reasons.join(', ')})`;
    }),
  ];
}

function runRows(run: PageReport['run']): string[] {
  if (!run) return [row(false, 'Run', 'could not be looked at')];
  const { mouse, hasKeyboard, takesText } = run;
  const byMouse = { reachable: 'can be pressed', missing: 'there is no Run button', covered: '' };
  const what = mouse.type === 'covered' ? `${mouse.by} lies over it` : byMouse[mouse.type];
  return [
    row(mouse.type === 'reachable', 'Run by mouse', what),
    row(
      hasKeyboard,
      'Run by keyboard',
      hasKeyboard ? 'the prompt box takes the focus' : 'no focus',
    ),
    row(takesText, 'Run with a text', takesText ? 'enabled' : 'stays disabled'),
  ];
}

function wireRows({ calls, modelList }: PageReport['wire']): string[] {
  const seen = Object.entries(calls).map(
    ([rpc, { count, statuses }]) => `${rpc} ${count}× (HTTP ${statuses.join(', ')})`,
  );
  const held = Object.entries(modelList?.held ?? {}).map(([field, count]) => `${field} ${count}`);
  return [
    row(seen.length > 0, 'calls', seen.length > 0 ? seen.join(', ') : 'none was seen'),
    row(
      (modelList?.models ?? 0) > 0,
      'model list',
      modelList
        ? `${modelList.models} models; fields held: ${held.join(', ') || 'none'}`
        : 'was not seen',
    ),
  ];
}
