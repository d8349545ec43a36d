import { type Figure, type Measurement, type Quantile, quantile } from './figure.ts';

/** A figure with what it came to. */
export interface Result extends Measurement {
  readonly figure: Figure;
}

const QUANTILES: readonly Quantile[] = [0.5, 0.95, 0.99, 1];
const LABELS: Readonly<Record<Quantile, string>> = {
  0.5: 'p50',
  0.95: 'p95',
  0.99: 'p99',
  1: 'max',
};

/** Whether every target is met. */
const isMet = ({ figure, samples }: Result): boolean =>
  figure.targets.every(([share, most]) => quantile(samples, share) <= most);

/** The results for people: one line per figure. */
export function toTable(results: readonly Result[]): string {
  const labels = QUANTILES.map((share) => LABELS[share]);
  const head = ['figure', 'target', ...labels, 'runs', 'floor p50', 'floor is', ''];
  const rows = results.map((result) => {
    const { figure, samples, floor } = result;
    return [
      `${figure.name}, ${figure.unit}`,
      figure.targets.map(([share, most]) => `${LABELS[share]} ≤ ${most}`).join(', '),
      ...QUANTILES.map((share) => quantile(samples, share).toFixed(1)),
      String(samples.length),
      quantile(floor, 0.5).toFixed(1),
      figure.floorName,
      isMet(result) ? 'met' : 'MISSED',
    ];
  });
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The results for programs. */
export function toJson(results: readonly Result[]): string {
  const figures = results.map((result) => {
    const { figure, samples, floor } = result;
    return {
      name: figure.name,
      unit: figure.unit,
      targets: Object.fromEntries(figure.targets.map(([share, most]) => [LABELS[share], most])),
      isMet: isMet(result),
      ...summary(samples),
      runs: samples.length,
      floor: { name: figure.floorName, ...summary(floor) },
    };
  });
  return `${JSON.stringify({ at: new Date().toISOString(), node: process.version, figures }, null, 2)}\n`;
}

const summary = (samples: readonly number[]): object =>
  Object.fromEntries(QUANTILES.map((share) => [LABELS[share], quantile(samples, share)]));
