import { isPlaceholder } from './placeholders.ts';
import { type Body, type Recording } from './recording.ts';

/** What a recording holds, in figures. */
export interface RecordingSummary {
  readonly steps: readonly string[];
  readonly calls: Readonly<Record<string, number>>;
  /** The page's own texts that were kept as they are. */
  readonly labels: readonly string[];
  /** How many texts and values are placeholders. */
  readonly placeholders: number;
  /** Strings of the RPCs that were kept as codes of the format. */
  readonly codes: readonly string[];
  /** Size as JSON, bytes. */
  readonly bytes: number;
}

/** What a person looks at before they share a recording. */
export function summarizeRecording(recording: Recording): RecordingSummary {
  const texts = recording.steps.flatMap(({ html }) => textsOf(html));
  const strings = recording.calls.flatMap(({ request, response }) => [
    ...stringsOf(request),
    ...stringsOf(response),
  ]);
  const calls: Record<string, number> = {};
  for (const { method } of recording.calls) calls[method] = (calls[method] ?? 0) + 1;
  const all = [...texts, ...strings];
  return {
    steps: recording.steps.map(({ name }) => name),
    calls,
    labels: distinct(texts.filter((text) => !isPlaceholder(text))),
    placeholders: all.filter(isPlaceholder).length,
    codes: distinct(strings.filter((text) => !isPlaceholder(text))),
    bytes: Buffer.byteLength(JSON.stringify(recording)),
  };
}

/** Everything that was kept as it is, in a form to read from top to bottom. */
export function toPreview(recording: Recording): string {
  const { steps, calls, labels, placeholders, codes, bytes } = summarizeRecording(recording);
  return [
    `Recording of ${recording.browser}, page language ${recording.language}, ${bytes} bytes.`,
    `${placeholders} texts are placeholders; placeholders are made of the letters jqxz and the digits 479.`,
    '',
    lines('Steps', steps),
    lines(
      'Calls',
      Object.entries(calls).map(([method, count]) => `${method} × ${count}`),
    ),
    lines('Texts of the page that are kept as they are', labels),
    lines('Strings of the calls that are kept as they are', codes),
    lines('Classes, ids and other names that are kept', namesOf(recording)),
    ...(recording.notes.length > 0 ? [lines('Notes', recording.notes)] : []),
  ].join('\n');
}

/** The texts of HTML as we write it: between tags, and in the attributes that people read. */
function textsOf(html: string): string[] {
  const between = Array.from(html.matchAll(/>([^<]+)</g), ([, text = '']) => text.trim());
  const labels = Array.from(
    html.matchAll(/ (?:aria-[a-z]+|title|alt|placeholder|mattooltip|value)="([^"]*)"/g),
    ([, text = '']) => text.trim(),
  );
  return [...between, ...labels].filter((text) => /[\p{L}\p{N}]/u.test(text));
}

function namesOf({ steps }: Recording): string[] {
  return distinct(
    steps.flatMap(({ html }) =>
      Array.from(
        html.matchAll(/ (?:class|id|name|data-[a-z-]+|href)="([^"]*)"/g),
        ([, value = '']) => value,
      )
        .flatMap((value) => value.split(/\s+/))
        .filter((value) => value !== '' && !isPlaceholder(value)),
    ),
  );
}

function stringsOf(body: Body): string[] {
  if ('text' in body) return [body.text];
  if (!('json' in body)) return [];
  const strings: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string' && value !== '') strings.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(body.json);
  return strings;
}

const distinct = (list: readonly string[]): string[] => [...new Set(list)].toSorted();

const lines = (title: string, list: readonly string[]): string =>
  `${title}\n${list.map((line) => `  ${line}`).join('\n')}\n`;
