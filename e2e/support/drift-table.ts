import { VERDICTS, type VerdictName } from './drift-checks.ts';
import { type DriftResult } from './drift-run.ts';

type Columns = Readonly<Record<VerdictName, number>> & { readonly all: number };

/**
 * The results as two Markdown tables: by kind of change (a seed with several kinds counts for each
 * of them; `alone` are the checks of seeds with that kind only), and by check.
 */
export function survivalTables(results: readonly DriftResult[]): string {
  const kinds = [...new Set(results.flatMap((result) => result.kinds))].toSorted();
  const checks = [...new Set(results.map(({ check }) => check))];
  const byKind = kinds.map((kind) => {
    const having = results.filter((result) => result.kinds.includes(kind));
    const alone = having.filter((result) => result.kinds.length === 1);
    return [kind, count(having), share(count(alone))] as const;
  });
  const total = ['**all**', count(results), ''] as const;
  return [
    row('kind of change', 'checks', 'answered', 'alone', 'error that names the step', 'others'),
    row('---', '---:', '---:', '---:', '---:', '---'),
    ...[...byKind, total].map(([name, columns, alone]) =>
      row(
        name,
        String(columns.all),
        share(columns),
        alone,
        percent(columns.named, columns),
        others(columns),
      ),
    ),
    '',
    row('check', 'checks', 'answered', 'error that names the step', 'others'),
    row('---', '---:', '---:', '---:', '---'),
    ...checks.map((check) => {
      const columns = count(results.filter((result) => result.check === check));
      return row(
        check,
        String(columns.all),
        share(columns),
        percent(columns.named, columns),
        others(columns),
      );
    }),
  ].join('\n');
}

function count(results: readonly DriftResult[]): Columns {
  const of = (name: VerdictName): number =>
    results.filter(({ verdict }) => verdict === name).length;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.fromEntries forgets the keys' type
  const counts = Object.fromEntries(VERDICTS.map((name) => [name, of(name)])) as Record<
    VerdictName,
    number
  >;
  return { ...counts, all: results.length };
}

/** Share that was answered, with or without a warning. */
function share(columns: Columns): string {
  return columns.all === 0 ? '–' : percent(columns.answered + columns.warned, columns);
}

function percent(part: number, { all }: Columns): string {
  return `${((100 * part) / all).toFixed(1)} %`;
}

function others(columns: Columns): string {
  const names = (['vague', 'wrong', 'lost', 'twice'] as const).filter((name) => columns[name] > 0);
  return names.length === 0 ? '0' : names.map((name) => `${columns[name]} ${name}`).join(', ');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
