import { isPlainObject, type JsonObject } from '@aistudio/core';

import {
  combine,
  distinct,
  merge,
  mergeAlternatives,
  withDeclaredRequired,
} from './page-schema-parts.ts';
import { hasReference, remarksOn, withoutRemarks } from './page-schema-remarks.ts';
import {
  annotationsOf,
  isPossible,
  listOf,
  overlay,
  typesOf,
  withoutUndefined,
} from './page-schema-source.ts';
import {
  addSentence,
  describeValues,
  withDescription,
  withKeywords,
} from './page-schema-values.ts';
import { type PageSchema } from './page-schema.ts';

/** How many references may lead into each other, and how often one may lead to itself. */
const MAX_DEPTH = 32;
const MAX_REPEATS = 2;
/** How large the form may become, where references are written out. */
const MAX_SCHEMAS = 5000;
const MAX_CHARACTERS = 300_000;

/** Where in the schema something stands, and by which references it was reached. */
interface Place {
  readonly name: string;
  readonly references: readonly string[];
}

/** Writes one repaired schema in the page's form. */
export class PageSchemaWriter {
  readonly #root: JsonObject;
  readonly #defs: JsonObject;
  readonly #lost = new Set<string>();
  readonly #narrowed = new Set<string>();
  /** Whether the root says of keys that it does not name. */
  #hasOtherKeys = false;
  #schemas = 0;
  #characters = 0;

  constructor(root: JsonObject) {
    this.#root = root;
    this.#defs = isPlainObject(root['$defs']) ? root['$defs'] : {};
  }

  get lost(): ReadonlySet<string> {
    return this.#lost;
  }

  get narrowed(): ReadonlySet<string> {
    return this.#narrowed;
  }

  /** The whole schema. */
  write(): PageSchema {
    return this.#within(() => this.#whole(this.#root, ROOT)) ?? { type: 'OBJECT' };
  }

  /** The whole schema as the parameters of a function: an object, or `{}` where it has no properties. */
  writeParameters(): PageSchema {
    const form = this.#within(() => this.#part(this.#root, ROOT)) ?? {};
    const { nullable: _, ...rest } = form;
    const alternatives = rest['anyOf'];
    const object = Array.isArray(alternatives) ? mergeAlternatives(rest, alternatives) : rest;
    if (object !== rest) this.#narrowed.add('the alternatives of its parameters are joined');
    if (object === undefined || (object['type'] ?? 'OBJECT') !== 'OBJECT') {
      this.#lost.add('its parameters are not an object');
      return {};
    }
    if (isPlainObject(object['properties'])) {
      return withDeclaredRequired({ ...object, type: 'OBJECT' });
    }
    if (this.#hasOtherKeys) this.#loseKeys(ROOT);
    return {};
  }

  /** A schema that says which type a value has; undefined where it would repeat without end. */
  #whole(node: unknown, place: Place): PageSchema | undefined {
    const form = this.#part(node, place);
    if (form?.['type'] === 'OBJECT' && !form['properties']) this.#loseKeys(place);
    if (form === undefined || form['type'] !== undefined || form['anyOf'] !== undefined) {
      return form && withDeclaredRequired(form);
    }
    if (node === false) this.#lost.add(`${place.name} allows nothing`);
    this.#narrowed.add(`${place.name} takes any value, declared as text, number, boolean or list`);
    return { ...form, ...ANY, nullable: true };
  }

  /** A schema that may be one part of another, and says no more than it does itself. */
  #part(node: unknown, at: Place): PageSchema | undefined {
    if (!isPlainObject(node)) return {};
    this.#count(node);
    const resolved = this.#resolve(node, at);
    if (resolved === undefined) return undefined;
    const { source, place } = resolved;
    const types = typesOf(source);
    const [type, ...others] = types.filter((name) => name !== 'null');
    const isNullable = types.includes('null') || source['nullable'] === true;
    const form: PageSchema = { ...annotationsOf(source) };
    if (isNullable) form['nullable'] = true;

    const values = source['const'] === undefined ? source['enum'] : [source['const']];
    if (Array.isArray(values)) {
      if (values.some(isPlainObject)) this.#loseKeys(place);
      const described = withDescription(form, describeValues(values, types));
      this.#addRemarks(described, source, type, place);
      return described;
    }
    if (type === undefined && types.length > 0) return { ...annotationsOf(source), type: 'NULL' };
    if (others.length > 0) {
      const shared = { ...withoutRemarks(source), ...BARE };
      const each = [type, ...others].map((name) => this.#whole({ ...shared, type: name }, place));
      const forms = distinct(each.filter(isWritten));
      Object.assign(form, forms.length === 1 ? forms[0] : { anyOf: forms });
      this.#addRemarks(form, source, type, place);
      return form;
    }
    if (type !== undefined) this.#describeType(form, type, source, place);
    for (const part of listOf(source['allOf'])) {
      const inner = this.#part(part, place);
      for (const keyword of inner ? merge(form, inner) : []) {
        this.#narrowed.add(`${place.name} says ${keyword} more than once, declared once`);
      }
    }
    this.#addConditional(form, source, place);
    this.#addAlternatives(form, source, place);
    this.#addRemarks(form, source, type, place);
    return form;
  }

  /** Says in the description what the form has no keyword for. */
  #addRemarks(form: PageSchema, source: JsonObject, type: string | undefined, place: Place): void {
    const remarks = remarksOn(source, type);
    if (remarks === undefined) return;
    const text = JSON.stringify(remarks);
    this.#countCharacters(text.length);
    if (hasReference(remarks)) this.#lost.add(`${place.name} refers to what cannot be declared`);
    else addSentence(form, `Also: ${text}.`);
  }

  /** The properties that an object has under some condition, which its description tells. */
  #addConditional(form: PageSchema, source: JsonObject, place: Place): void {
    const dependent = source['dependentSchemas'];
    const parts = [
      source['then'],
      source['else'],
      ...(isPlainObject(dependent) ? Object.values(dependent) : []),
    ];
    for (const part of parts.filter(isPlainObject)) {
      const { properties } = this.#part(part, place) ?? {};
      if (isPlainObject(properties)) {
        const declared = isPlainObject(form['properties']) ? form['properties'] : {};
        Object.assign(form, { type: 'OBJECT', properties: { ...properties, ...declared } });
      }
    }
  }

  #describeType(form: PageSchema, type: string, source: JsonObject, place: Place): void {
    withKeywords(form, type, source);
    if (type === 'array') form['items'] = this.#items(source, place);
    if (type === 'object') this.#describeObject(form, source, place);
  }

  #describeObject(form: PageSchema, source: JsonObject, place: Place): void {
    const given = isPlainObject(source['properties']) ? Object.entries(source['properties']) : [];
    const written = given.flatMap(([key, value]) => {
      const name = place.name === ROOT.name ? key : `${place.name}.${key}`;
      const inner = value === false ? undefined : this.#whole(value, { ...place, name });
      return inner ? [[key, inner] as const] : [];
    });
    if (written.length > 0) form['properties'] = Object.fromEntries(written);
    const required = listOf(source['required']);
    if (required.length > 0) form['required'] = required; // also of properties that are yet to come
    const others = source['additionalProperties'];
    if (place.name === ROOT.name) {
      this.#hasOtherKeys ||= [others, source['patternProperties']].some(Boolean);
    }
    const hasKinds = isPlainObject(others) && Object.keys(others).length > 0;
    if (written.length > 0 && (hasKinds || source['patternProperties'] !== undefined)) {
      this.#narrowed.add(`${place.name} takes no other keys than those declared`);
    }
  }

  #loseKeys({ name }: Place): void {
    this.#lost.add(`${name} is an object of any keys`);
  }

  /** The page has lists of one kind: the members of a tuple become its alternatives. */
  #items(source: JsonObject, place: Place): PageSchema {
    const at = { ...place, name: `${place.name}[]` };
    const members = [
      ...listOf(source['prefixItems']),
      ...(source['items'] === undefined ? [] : [source['items']]),
    ];
    const kinds = members.filter((member) => typeof member !== 'boolean');
    if (source['prefixItems'] !== undefined) {
      this.#narrowed.add(`${place.name} is a tuple, declared as a list`);
    }
    const written = distinct(kinds.map((member) => this.#whole(member, at)).filter(isWritten));
    if (written.length > 0) return combine(written);
    return this.#whole(true, at) ?? ANY;
  }

  #addAlternatives(form: PageSchema, source: JsonObject, place: Place): void {
    const given = listOf(source['anyOf'] ?? source['oneOf']);
    if (given.length === 0) return;
    if (source['anyOf'] !== undefined && source['oneOf'] !== undefined) {
      this.#narrowed.add(`${place.name}: one of its two lists of alternatives is not declared`);
    }
    const type = form['type'];
    if (type === undefined) {
      const whole = given.map((item) => this.#whole(item, place)).filter(isWritten);
      if (whole.length > 0) Object.assign(form, combine(whole), annotationsOf(source));
      return;
    }
    const parts = given.map((item) => this.#part(item, place)).filter(isWritten);
    if (type === 'OBJECT') {
      const joined = mergeAlternatives(form, parts);
      if (joined) Object.assign(form, joined);
      this.#narrowed.add(`the alternatives of ${place.name} are joined`);
      return;
    }
    const possible = parts.filter((part) => isPossible(part['type'], type));
    const own = possible.filter((part) => Object.keys(part).length > 0);
    if (own.length < possible.length || own.length === 0) return;
    const { description, title, nullable, ...typed } = form;
    for (const key of Object.keys(form)) delete form[key];
    const forms = distinct(own.map((part) => ({ ...typed, ...part })));
    const whole = forms.length === 1 ? forms[0] : { anyOf: forms };
    Object.assign(form, whole, withoutUndefined({ description, title, nullable }));
  }

  /** Follows references; what they name is overlaid by what stands beside them. */
  #resolve(node: JsonObject, place: Place): { source: JsonObject; place: Place } | undefined {
    const references = [...place.references];
    let source = node;
    while (typeof source['$ref'] === 'string') {
      const { $ref, ...beside } = source;
      references.push($ref);
      const repeats = references.filter((other) => other === $ref).length;
      if (repeats > MAX_REPEATS || references.length > MAX_DEPTH) {
        this.#lost.add(`${place.name} contains itself`);
        return undefined;
      }
      const target = $ref === '#' ? this.#root : this.#defs[$ref.slice('#/$defs/'.length)];
      source = isPlainObject(target) ? overlay(target, beside) : beside;
      this.#countTexts(source);
    }
    return { source, place: { ...place, references } };
  }

  /** Throws where the form becomes too large. */
  #count(source: JsonObject): void {
    this.#schemas += 1;
    this.#countCharacters(0);
    this.#countTexts(source);
  }

  #countTexts(source: JsonObject): void {
    const texts = [source['description'], source['title'], source['pattern']];
    for (const value of [...texts, ...listOf(source['enum'])]) {
      if (value !== undefined) this.#countCharacters(JSON.stringify(value).length);
    }
  }

  #countCharacters(characters: number): void {
    this.#characters += characters;
    if (this.#schemas > MAX_SCHEMAS || this.#characters > MAX_CHARACTERS) throw new TooLargeError();
  }

  #within(work: () => PageSchema | undefined): PageSchema | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      this.#lost.add('it is too large when its references are written out');
      return undefined;
    }
  }
}

/** The form would become larger than the page takes. */
class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

const isWritten = (form: PageSchema | undefined): form is PageSchema => form !== undefined;

const ROOT: Place = { name: 'the schema', references: [] };
const BARE = { title: undefined, description: undefined, nullable: undefined };

/** Any value, as far as the page can say it: objects need properties that are known. */
const ANY: PageSchema = {
  anyOf: [
    { type: 'STRING' },
    { type: 'NUMBER' },
    { type: 'BOOLEAN' },
    { type: 'ARRAY', items: { type: 'STRING' } },
  ],
};
