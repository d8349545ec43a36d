import { createChance } from './chance.ts';
import { type DriftKind, type DriftPlan } from './plan.ts';
import { reword } from './reword.ts';

/** An attribute as a drifted page writes it; undefined: it is gone. */
export type DriftedAttribute = readonly [name: string, value: string] | undefined;

/** What names and words become under one plan. The same name always becomes the same. */
export interface DriftNames {
  tag(tag: string): string;
  className(name: string): string;
  attribute(name: string, value: string): DriftedAttribute;
  /** A text of the page itself. */
  text(text: string): string;
  /** The ligature of an icon. */
  icon(name: string): string;
  /** Whether a change of this kind falls on this subject. */
  isChosen(kind: DriftKind, subject: string): boolean;
  /** One of the ways to make the change. */
  way<T>(ways: readonly [T, ...T[]], kind: DriftKind, subject: string): T;
}

const LABELS = ['aria-label', 'title', 'placeholder', 'mattooltip', 'alt'];
const NAMES = /^(?:data-|id$|name$|iconname$|formcontrolname$|jslog$|dialoglabel$)/;
/** Values that the page's user wrote, or that another attribute refers to. */
const LIVE_VALUES = /^(?:data-value$|data-src)/;
const REFERRED_ID = /^(?:turn-|cdk-|mat-)/;
/** Every eighth part of what a changed label can become is nothing at all. */
const GONE = 0.125;

/** The names of a plan. */
export function createDriftNames({ seed, shares }: DriftPlan): DriftNames {
  const chance = createChance(seed);
  const isChosen = (kind: DriftKind, subject: string): boolean =>
    chance.of(kind, subject) < (shares.get(kind) ?? 0);
  const way: DriftNames['way'] = (ways, kind, subject) => chance.pick(ways, kind, 'way', subject);
  const opaque = (subject: string): string =>
    Math.floor(chance.of('opaque', subject) * 36 ** 5)
      .toString(36)
      .padStart(5, 'q');

  const renamed = (name: string, kind: DriftKind): string =>
    way(
      [`${name}-v2`, `${name}-container`, shortened(name), `x${opaque(name)}`, `new-${name}`],
      kind,
      name,
    );
  const label = (name: string, value: string): DriftedAttribute => {
    if (!isChosen('label', value)) return [name, value];
    return chance.of('gone', value) < GONE ? undefined : [name, reword(value, chance)];
  };
  const identifier = (name: string, value: string): DriftedAttribute => {
    if (name === 'id') return idOf(value);
    if (isChosen('attribute', name))
      return way([undefined, [`${name}-v2`, value], ['data-qa', value]], 'attribute', name);
    if (value === '' || LIVE_VALUES.test(name) || !isChosen('attribute', `${name}=${value}`))
      return [name, value];
    return way([undefined, [name, toKebab(value)]], 'attribute', `${name}=${value}`);
  };
  /** An id keeps the part that tells one element of a list from the next. */
  const idOf = (value: string): DriftedAttribute => {
    const [, stem = value, rest = ''] = /^([^/]*\/)(.*)$/.exec(value) ?? [];
    if (REFERRED_ID.test(value) || !isChosen('attribute', `id=${stem}`)) return ['id', value];
    return way([undefined, ['id', `${opaque(stem)}-${rest}`]], 'attribute', `id=${stem}`);
  };

  return {
    isChosen,
    way,
    tag: (tag) =>
      tag.includes('-') && isChosen('tag', tag)
        ? way([`${tag}-v2`, `${tag}-next`, `ais-${tag.replace(/^ms-/, '')}`], 'tag', tag)
        : tag,
    className: (name) => (isChosen('class', name) ? renamed(name, 'class') : name),
    attribute(name, value) {
      if (LABELS.includes(name)) return label(name, value);
      return NAMES.test(name) ? identifier(name, value) : [name, value];
    },
    text: (text) =>
      isChosen('text', text.trim()) ? text.replace(text.trim(), reword(text.trim(), chance)) : text,
    icon: (name) =>
      isChosen('icon', name) ? way(['', `${name}_alt`, 'apps'], 'icon', name) : name,
  };
}

function shortened(name: string): string {
  const parts = name.split('-');
  return parts.length < 2 ? `${name}-box` : parts.slice(0, -1).join('-');
}

/** `thisIsIt` becomes `this-is-it`; what has no such form gets a number. */
function toKebab(value: string): string {
  const kebab = value.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return kebab === value ? `${value}-2` : kebab;
}
