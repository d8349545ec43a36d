import { type Placeholders } from './placeholders.ts';
import { CODES, type CodeKind } from './vocabulary.ts';

/** Which way a body went. */
export type Side = 'request' | 'response';

/** Strings at this place (`*`: any index) stay if they are such a code. */
type KeptCode = readonly [place: string, kind: CodeKind];

/** What may be kept of one RPC besides its structure, booleans and small numbers. */
interface BodyRules {
  readonly codes: readonly KeptCode[];
  /** Places under which numbers are a person's values, and not the format's codes. */
  readonly values?: readonly string[];
}

/** Where a status `[code, message, details]` can stand (wire-format.md §5.1, §5.10). */
const STATUS: readonly KeptCode[] = ['', '0.', '1.'].flatMap((at): KeptCode[] => [
  [`${at}1`, 'label'],
  [`${at}2.*.0`, 'detailType'],
  [`${at}2.*.1.0`, 'reason'],
]);

/** A content, `[parts, role]`, and in it the parts whose numbers are values (wire-format.md §4.2). */
const contentCodes = (at: string): KeptCode[] => [
  [`${at}.1`, 'role'],
  [`${at}.0.*.2.0`, 'mime'],
];
const contentValues = (at: string): string[] =>
  [1, 7, 8, 10, 11].map((position) => `${at}.0.*.${position}`);

/** The rules by RPC (wire-format.md §4, §5, §7, §9). Of an RPC that is not here no string stays. */
const RULES: Readonly<Record<string, Partial<Record<Side, BodyRules>>>> = {
  GenerateContent: {
    request: {
      codes: [['0', 'model'], ...contentCodes('1.*'), ['3.7', 'mime'], ...contentCodes('5')],
      values: [...contentValues('1.*'), ...contentValues('5'), '3.8', '6', '7', '8', '9'],
    },
    response: {
      codes: [
        ...contentCodes('0.*.0.*.0'),
        ['0.*.0.*.3', 'label'],
        ['0.*.1.2', 'label'],
        ...STATUS,
      ],
      values: contentValues('0.*.0.*.0'),
    },
  },
  CountTokens: {
    request: {
      codes: [['0', 'model'], ...contentCodes('1.*'), ['2.0', 'model'], ...contentCodes('2.1.*')],
      values: [...contentValues('1.*'), ...contentValues('2.1.*')],
    },
    response: { codes: STATUS },
  },
  ListModels: {
    request: { codes: [] },
    response: {
      codes: ['0.*', '*'].flatMap((at): KeptCode[] => [
        [`${at}.0`, 'model'],
        [`${at}.3`, 'label'],
        [`${at}.4`, 'label'],
        [`${at}.7.*`, 'method'],
        [`${at}.56.*.0`, 'model'],
      ]),
    },
  },
  CreateInteractionStream: interaction(),
  CreateInteraction: interaction(),
  GetInteractionStream: interaction(),
};

function interaction(): Partial<Record<Side, BodyRules>> {
  return {
    request: {
      codes: [
        ['3.15', 'mime'],
        ['3.17.0', 'model'],
      ],
      values: ['3.7', '3.26', '4'],
    },
    response: { codes: STATUS, values: ['0.*.9.1', '0.*.10.1'] },
  };
}

/** Numbers with more digits are ids, times or a person's. Limits of models have seven. */
const MOST_DIGITS = 7;
/** The same where nothing is known of the message: codes are small. */
const MOST_DIGITS_UNKNOWN = 3;

/** A text of this length or longer is cut: a blob has nothing more to show. Characters. */
const LONGEST_TEXT = 20_000;

/**
 * A body in which every string and number that is not a code of the format is a placeholder. Its
 * structure stays position by position, and equal strings stay equal.
 */
export function redactBody(
  method: string,
  side: Side,
  body: unknown,
  placeholders: Placeholders,
): unknown {
  const rules = RULES[method]?.[side];
  const kept = (rules?.codes ?? []).map(([place, kind]) => ({ at: toPattern(place), kind }));
  const values = (rules?.values ?? []).map((place) => toPattern(place, true));

  const toText = (text: string, path: string): string => {
    if (kept.some(({ at, kind }) => at.test(path) && CODES[kind](text))) return text;
    return redactString(text, placeholders);
  };
  const toNumber = (value: number, path: string): number => {
    const isValue = values.some((at) => at.test(path));
    const most = isValue ? 0 : rules ? MOST_DIGITS : MOST_DIGITS_UNKNOWN;
    const digits = String(value).replaceAll(/\D/g, '').length;
    return digits <= most ? value : placeholders.number(value);
  };
  const walk = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') return toText(value, path);
    if (typeof value === 'number') return toNumber(value, path);
    if (Array.isArray(value)) {
      return value.map((item, index) => walk(item, path === '' ? `${index}` : `${path}.${index}`));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        redactString(key, placeholders),
        walk(item, `${path}.?`),
      ]),
    );
  };
  return walk(body, '');
}

/** A string's placeholder: part by part where it is a name or an address, and never too long. */
export function redactString(text: string, placeholders: Placeholders): string {
  const cut = text.slice(0, LONGEST_TEXT);
  if (!/\s/.test(cut) && /^[\w.~%+-]*[:/]/.test(cut)) return placeholders.name(cut);
  return placeholders.text(cut);
}

function toPattern(place: string, withAllBelow = false): RegExp {
  const source = place.replaceAll('.', String.raw`\.`).replaceAll('*', String.raw`\d+`);
  return new RegExp(`^${source}${withAllBelow ? String.raw`(?:\.|$)` : '$'}`);
}
