import { createChance } from '../drift/chance.ts';
import { createDriftNames, type DriftNames } from '../drift/names.ts';
import { type DriftPlan, planOf } from '../drift/plan.ts';
import { type Properties, setDrift } from './dom.ts';
import { asButton, isSwitch, toControl } from './drift-controls.ts';
import { createHidingPlaces, type HidingPlaces } from './drift-places.ts';
import { showStrangers, strangerBeside } from './drift-strangers.ts';
import { driftStyles } from './drift-styles.ts';

/** How the page's builder makes elements while the page drifts. */
export interface Drift {
  create(tag: string, mark: string, properties: Properties): HTMLElement;
  /** An attribute as it is to be set; undefined: not at all. */
  attribute(element: Element, name: string, value: string): readonly [string, string] | undefined;
  className(name: string): string;
  /** The children in their places. */
  children(parent: Element, children: readonly (Node | string)[]): (Node | string)[];
}

const REPORT_MS = 300;

/**
 * Makes the page drift by this seed (0: not at all) from now on. `source` is the page's own script:
 * a text that stands in it is the page's, any other one is somebody's words and stays. Changes are
 * made where elements are made, by names alone; nothing here knows who looks for them.
 */
export function startDrift(seed: number, source: string): { afterShown(): void } {
  const plan = planOf(seed);
  if (plan.shares.size === 0) return { afterShown: () => {} };
  const report = createReport(seed);
  const quiet = createDriftNames(plan);
  const names = reporting(quiet, report);
  const places = createHidingPlaces(names);
  const marks = new WeakMap<Element, string>();
  const closers: HTMLElement[] = [];
  const drift = createDrift({ names, places, marks, closers, source });
  driftStyles(quiet);
  driftClassLists(names);
  setDrift(drift);
  return {
    afterShown() {
      closeSome(plan, names, closers);
      showStrangers(plan);
    },
  };
}

interface Parts {
  readonly names: DriftNames;
  readonly places: HidingPlaces;
  readonly marks: WeakMap<Element, string>;
  readonly closers: HTMLElement[];
  readonly source: string;
}

/** What closes the panel or folds a group. */
const CLOSER = /\[aria-label="(?:Close run settings|Expand or collapse)/;

function createDrift({ names, places, marks, closers, source }: Parts): Drift {
  const icons = new WeakSet<Element>();
  const known = new Map<string, boolean>();
  const isOwn = (text: string): boolean => {
    const isKnown =
      known.get(text) ?? (/[A-Za-z]{2}/.test(text) && source.includes(JSON.stringify(text.trim())));
    known.set(text, isKnown);
    return isKnown;
  };
  const wrappers = new WeakMap<Element, HTMLElement>();
  const wrapped = (child: Element): Element => {
    const mark = marks.get(child);
    if (mark === undefined || !names.isChosen('wrapped', mark)) return child;
    const before = wrappers.get(child);
    const tag = names.way(['div', 'span', 'ms-slot'], 'wrapped', mark);
    const wrapper = before ?? document.createElement(tag);
    wrapper.style.display = 'contents';
    if (child.parentElement !== wrapper) wrapper.append(child);
    wrappers.set(child, wrapper);
    return wrapper;
  };
  return {
    create(tag, mark, properties) {
      const subject = mark;
      const element =
        tag === 'button' && isSwitch(mark, properties)
          ? toControl(names, subject)
          : tag === 'button' && names.isChosen('button', subject)
            ? asButton()
            : document.createElement(names.tag(tag));
      marks.set(element, mark);
      if (mark.includes('material-symbols')) icons.add(element);
      if (CLOSER.test(mark)) closers.push(element);
      return element;
    },
    attribute(element, name, value) {
      const mark = marks.get(element) ?? '';
      if (name === 'type' && value === 'number' && names.isChosen('control', mark))
        return ['inputmode', 'decimal'];
      if (name === 'role' && value === 'menuitem' && names.isChosen('control', value))
        return names.way([undefined, ['role', 'option']], 'control', value);
      return names.attribute(name, value);
    },
    className: (name) => names.className(name),
    children(parent, children) {
      const isIcon = icons.has(parent);
      const isMenu = /\[role="(?:menu|listbox|dialog|tablist)/.test(marks.get(parent) ?? '');
      const seen = children.flatMap((child): (Node | string)[] => {
        if (typeof child === 'string')
          return [isIcon ? names.icon(child) : isOwn(child) ? names.text(child) : child];
        if (!(child instanceof Element)) return [child];
        const stranger = strangerBeside(names, marks.get(child));
        return stranger ? [stranger, child] : [child];
      });
      if (isMenu) return seen;
      const placed = places.place(parent, seen, (element) => marks.get(element) ?? '');
      return placed.map((child) => (child instanceof Element ? wrapped(child) : child));
    },
  };
}

/** Classes that are added later drift like those that an element is made with. */
function driftClassLists(names: DriftNames): void {
  const className = (name: string): string => names.className(name);
  // oxlint-disable-next-line typescript/unbound-method -- each is called with the list it is asked for
  const { add, remove, toggle } = DOMTokenList.prototype;
  Object.assign(DOMTokenList.prototype, {
    add(this: DOMTokenList, ...tokens: string[]) {
      add.apply(this, tokens.map(className));
    },
    remove(this: DOMTokenList, ...tokens: string[]) {
      remove.apply(this, tokens.map(className));
    },
    toggle(this: DOMTokenList, token: string, force?: boolean) {
      return toggle.call(this, className(token), force);
    },
  });
}

/** What starts closed was open a moment before: a press of its own button closes it. */
function closeSome({ seed, shares }: DriftPlan, names: DriftNames, closers: HTMLElement[]): void {
  if (!shares.has('closed')) return;
  const chance = createChance(seed);
  const chosen = closers.filter((_closer, index) => chance.of('closer', String(index)) < 0.5);
  for (const closer of chosen.length > 0 ? chosen : closers.slice(0, 1)) {
    if (names.isChosen('closed', '') || closer.isConnected) closer.click();
  }
}

/** Tells the simulator what was changed, so that a test can print it. */
function createReport(seed: number): (change: string) => void {
  const changes = new Set<string>();
  let timer = 0;
  return (change) => {
    if (changes.has(change)) return;
    changes.add(change);
    timer ||= window.setTimeout(() => {
      timer = 0;
      const body = JSON.stringify({ seed, changes: [...changes] });
      void fetch('/_/sim/drift', { method: 'POST', body }).catch(() => {}); // the simulator may be gone
    }, REPORT_MS);
  };
}

/** Names that report each change they make. */
function reporting(names: DriftNames, report: (change: string) => void): DriftNames {
  const told = (kind: string, old: string, now: string): string => {
    if (now !== old) report(`${kind}: ${old} → ${now === '' ? 'none' : now}`);
    return now;
  };
  return {
    ...names,
    tag: (tag) => told('tag', tag, names.tag(tag)),
    className: (name) => told('class', name, names.className(name)),
    text: (text) => told('text', text, names.text(text)),
    icon: (name) => told('icon', name, names.icon(name)),
    attribute(name, value) {
      const drifted = names.attribute(name, value);
      const now = drifted ? `${drifted[0]}="${drifted[1]}"` : '';
      told('attribute', `${name}="${value}"`, now);
      return drifted;
    },
    isChosen(kind, subject) {
      const isChosen = names.isChosen(kind, subject);
      if (isChosen && REPORTED.has(kind) && subject !== '') report(`${kind}: ${subject}`);
      return isChosen;
    },
  };
}

const REPORTED = new Set(['button', 'control', 'wrapped', 'moved', 'inserted']);
