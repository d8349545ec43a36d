import { type Feature } from './in-page/candidates.ts';
import {
  type Alternates,
  ELEMENT_NAMES,
  type ElementName,
  type Locator,
  selectors,
} from './selectors.ts';

/** An element that may be the one that is missing. */
export interface Candidate {
  /** Ways that find it alone, best first. */
  readonly ways: readonly (string | Locator)[];
  /** What speaks for it, in points. */
  readonly score: number;
  /** In words: `button "Show settings"`. */
  readonly what: string;
  readonly reasons: readonly string[];
  /** Whether its label or its marks have to do with the element, or nothing else can be it. */
  readonly isAkin: boolean;
}

/** From here on a candidate is more likely right than wrong, and is written into a pack. */
const LIKELY = 4;
/** How far the best must be ahead of the next, else it is a guess between two. */
const LEAD = 0.75;
/** With less, an element is only of the right kind. */
const WORTH_SHOWING = 2.5;
/** How many are shown. */
const SHOWN = 3;

/** Where things are: by region, its elements and its place in the window. */
const REGIONS: readonly {
  readonly of: readonly ElementName[];
  readonly isHere: (place: Feature) => boolean;
}[] = [
  {
    of: ['promptBox', 'promptInput', 'runButton', 'tokenCount', 'attach', 'fileInput'],
    isHere: ({ y }) => y > 0.6,
  },
  {
    of: ['newChat', 'moreActions', 'temporaryChat', 'openRunSettings', 'closeRunSettings'],
    isHere: ({ y }) => y < 0.15,
  },
  {
    of: [
      'runSettings',
      'modelTrigger',
      'modelName',
      'modelTitle',
      'systemCard',
      'expandTools',
      'expandAdvanced',
      'temperature',
      'topP',
      'maxOutputTokens',
      'stopInput',
      'thinking',
      'manualBudget',
      'thinkingBudget',
      'thinkingLevel',
      'structuredOutput',
      'codeExecution',
      'functionCalling',
      'googleSearch',
      'urlContext',
      'googleMaps',
      'editFunctions',
      'editSchema',
    ],
    isHere: ({ x }) => x > 0.6,
  },
];

/** Words that say nothing about which control it is. */
const EMPTY_WORDS = new Set(
  (
    'a an and or the of to for in on with this as such button input ms mat data test id aria ' +
    'label role element textarea container div span toggle open show tooltip item'
  ).split(' '),
);

/** What an element was known by: its kinds, the words of its labels, and those of its marks. */
interface Hints {
  readonly roles: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
  readonly marks: ReadonlySet<string>;
}

/**
 * Ranks what is on the page by how much it looks like the element of that name: by role, by the
 * words of its label and marks, by its place, and by what is around it. The best first.
 */
export function rankCandidates(name: ElementName, features: readonly Feature[]): Candidate[] {
  const hints = hintsOf(name);
  const region = REGIONS.find(({ of }) => of.includes(name));
  const alike = features.filter((feature) => hints.roles.has(kindOf(feature)));
  const isHere = (feature: Feature): boolean => region?.isHere(feature) ?? false;
  const free = alike.filter((feature) => feature.known.length === 0 && !isAnother(name, feature));
  const ranked = free
    .filter(({ ways }) => ways.length > 0)
    .map((feature): Candidate => {
      const points = [
        ['role', 1],
        ['label', 4 * shared(hints.labels, wordsOf(`${feature.label} ${feature.near}`))],
        ['marks', 2.5 * shared(hints.marks, wordsOf(feature.marks.join(' ')))],
        ['place', isHere(feature) ? 1 : 0],
        ['neighbours', closeness(feature, region?.of ?? [])],
        ['the only one of its kind', isOnly(feature, free.filter(isHere)) ? 1.5 : 0],
      ] as const;
      const score = points.reduce((sum, [, value]) => sum + value, 0);
      const reasons = points.flatMap(([reason, value]) => (value > 0 ? [reason] : []));
      const label = feature.label === '' ? '' : ` “${feature.label}”`;
      const what = `${feature.role}${label}`;
      const isAkin =
        reasons.includes('label') || reasons.includes('marks') || kindOf(feature) === 'textarea';
      return { ways: feature.ways, score: Math.round(score * 100) / 100, what, reasons, isAkin };
    })
    .toSorted((a, b) => b.score - a.score);
  return ranked.filter(({ score }) => score >= WORTH_SHOWING).slice(0, SHOWN);
}

/** The best of ranked candidates, if it is likely right and not one of two. */
export function likeliest([best, next]: readonly Candidate[]): Candidate | undefined {
  if (!best || best.score < LIKELY || !best.isAkin) return undefined;
  return next && best.score - next.score < LEAD ? undefined : best;
}

/** From here on a label is an element's own. */
const OWN_LABEL = 0.75;

/** Whether the label of this is that of another element, and more so than of the one sought. */
function isAnother(name: ElementName, { label }: Feature): boolean {
  const words = wordsOf(label);
  const share = (other: ElementName): number => shared(hintsOf(other).labels, words);
  const ours = share(name);
  return ELEMENT_NAMES.some((other) => share(other) >= OWN_LABEL && share(other) > ours);
}

const isOnly = (feature: Feature, all: readonly Feature[]): boolean =>
  all.length === 1 && all[0] === feature;

function closeness({ distances }: Feature, neighbours: readonly ElementName[]): number {
  const steps = neighbours.flatMap((name) => distances[name] ?? []);
  const nearest = Math.min(...steps, Infinity);
  return nearest <= 2 ? 1 : nearest <= 4 ? 0.5 : 0;
}

/** Which share of the words an element was known by are there again, from 0 to 1. */
function shared(known: ReadonlySet<string>, found: ReadonlySet<string>): number {
  if (known.size === 0 || found.size === 0) return 0;
  const both = [...known].filter((word) => found.has(word)).length;
  return both / Math.min(known.size, Math.max(found.size, 2));
}

/** Kinds that a rewrite of the page may exchange for one another. */
function kindOf({ tag, role }: Pick<Feature, 'tag' | 'role'>): string {
  if (/^(button|link|menuitem|a|tab)$/.test(role)) return 'button';
  if (/^(switch|checkbox|input:checkbox)$/.test(role)) return 'switch';
  if (/^(textarea|textbox)$/.test(role)) return 'textarea';
  if (/^(combobox|listbox|select|mat-select)$/.test(role)) return 'combobox';
  if (/^(spinbutton|slider|input:number|input:range)$/.test(role)) return 'number';
  if (/^(input:text|searchbox|input:search)$/.test(role)) return 'text';
  if (tag.includes('-')) return 'host';
  return role;
}

const allHints = new Map<ElementName, Hints>();

function hintsOf(name: ElementName): Hints {
  const known = allHints.get(name) ?? readHints(name);
  allHints.set(name, known);
  return known;
}

function readHints(name: ElementName): Hints {
  const roles = new Set<string>();
  const labels = new Set<string>();
  const marks = wordsOf(name);
  const ways: Alternates = selectors[name];
  for (const way of ways) {
    const locator: Locator = typeof way === 'string' ? { css: way } : way;
    for (const css of locator.css.split(',')) roles.add(kindOfCss(css));
    for (const [, value = ''] of locator.css.matchAll(/aria-label[~^$*|]?="([^"]*)"/g)) {
      for (const word of wordsOf(value)) labels.add(word);
    }
    for (const source of [locator.name, locator.near, locator.text]) {
      for (const word of wordsOf((source ?? '').replaceAll(/\\[a-z]/g, ' '))) labels.add(word);
    }
    const rest = locator.css.replaceAll(/\[(aria-label|role|type)[^\]]*\]/g, ' ');
    for (const word of wordsOf(rest)) marks.add(word);
  }
  return { roles, labels, marks };
}

/** What CSS selects, by its last part. */
function kindOfCss(css: string): string {
  const last =
    css
      .trim()
      .split(/[\s>]+(?![^[]*\])/)
      .at(-1) ?? '';
  const tag = /^[\w-]+/.exec(last)?.[0] ?? '';
  const role = /role="([^"]*)"/.exec(last)?.[1];
  const type = /type="([^"]*)"/.exec(last)?.[1];
  if (role !== undefined) return kindOf({ tag, role });
  if (tag === 'input') return kindOf({ tag, role: `input:${type ?? 'text'}` });
  if (tag === '' && /button|switch/i.test(last)) return 'button';
  return kindOf({ tag, role: tag });
}

function wordsOf(text: string): Set<string> {
  const words = text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .map((word) => word.replace(/s$/, ''))
    .filter((word) => word.length > 1 && !EMPTY_WORDS.has(word));
  return new Set(words);
}
