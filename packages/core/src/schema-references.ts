import { isPlainObject, type JsonObject } from './json-object.ts';

/** The keywords by which a schema refers to another. */
export const REFERENCE_KEYWORDS = ['$ref', '$dynamicRef', '$recursiveRef'] as const;

/** Where no schema says what its own address is. */
const NO_ADDRESS = 'schema:/root';
/** Their values are data, in which nothing is a schema. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);
const DEFINITIONS = ['$defs', 'definitions'];

/**
 * Finds what the references inside one JSON document lead to: pointers (through arrays too),
 * anchors, addresses given by `$id` or draft 4's `id`, and the bare name of a definition. Nothing is
 * ever fetched.
 */
export class SchemaReferences {
  readonly #root: unknown;
  /** Address of the resource that an object belongs to. */
  readonly #addressOf = new Map<unknown, string>();
  /** By address, and by address and anchor. */
  readonly #resources = new Map<string, unknown>();
  readonly #anchors = new Map<string, unknown>();
  readonly #holders: JsonObject[] = [];

  /** Takes time in proportion to the size of the document. */
  constructor(root: unknown) {
    this.#root = root;
    this.#resources.set(NO_ADDRESS, root);
    this.#index();
  }

  /** What `reference` names where it stands in `from`; undefined when there is no such place. */
  find(reference: string, from: unknown): unknown {
    const address = this.#addressOf.get(from) ?? NO_ADDRESS;
    const [path, fragment = ''] = splitOnce(reference, '#');
    const resource = path === '' ? address : resolve(path, address);
    const anchor = this.#anchors.get(`${resource}#${fragment}`);
    if (anchor !== undefined) return anchor;
    const base = this.#resources.get(resource);
    if (base !== undefined) {
      const target = fragment === '' ? base : follow(base, fragment);
      if (target !== undefined) return target;
    }
    // Generators write pointers from the document's root below an `$id` too.
    if (path === '') return this.#anchors.get(fragment) ?? follow(this.#root, fragment);
    return fragment === '' ? this.#definition(path) : undefined;
  }

  /** All that references lead to. */
  targets(): Set<unknown> {
    const found = this.#holders.flatMap((holder) =>
      REFERENCE_KEYWORDS.map((keyword) => {
        const reference = holder[keyword];
        return typeof reference === 'string' ? this.find(reference, holder) : undefined;
      }),
    );
    return new Set(found.filter(isPlainObject));
  }

  #definition(name: string): unknown {
    for (const key of DEFINITIONS) {
      const target = step(step(this.#root, key), name);
      if (target !== undefined) return target;
    }
    return undefined;
  }

  #index(): void {
    const open: { value: unknown; address: string }[] = [
      { value: this.#root, address: NO_ADDRESS },
    ];
    for (let next = open.pop(); next; next = open.pop()) {
      const { value } = next;
      if (Array.isArray(value)) {
        for (const item of value) {
          if (typeof item === 'object') open.push({ value: item, address: next.address });
        }
      } else if (isPlainObject(value)) {
        const address = this.#register(value, next.address);
        for (const key of Object.keys(value)) {
          const inner = value[key];
          if (typeof inner !== 'object' || (DATA.has(key) && Array.isArray(inner))) continue;
          open.push({ value: inner, address });
        }
      }
    }
  }

  #register(schema: JsonObject, above: string): string {
    let address = above;
    for (const id of [schema['$id'], schema['id']]) {
      if (typeof id !== 'string' || id === '') continue;
      if (id.startsWith('#')) this.#addAnchor(id.slice(1), address, schema);
      else {
        address = resolve(id.replace(/#$/, ''), above);
        if (!this.#resources.has(address)) this.#resources.set(address, schema);
        break;
      }
    }
    for (const anchor of [schema['$anchor'], schema['$dynamicAnchor']]) {
      if (typeof anchor === 'string') this.#addAnchor(anchor, address, schema);
    }
    if (address !== NO_ADDRESS) this.#addressOf.set(schema, address);
    if (REFERENCE_KEYWORDS.some((keyword) => Object.hasOwn(schema, keyword))) {
      this.#holders.push(schema);
    }
    return address;
  }

  #addAnchor(anchor: string, address: string, schema: JsonObject): void {
    const name = `${address}#${anchor}`;
    if (!this.#anchors.has(name)) this.#anchors.set(name, schema);
    if (!this.#anchors.has(anchor)) this.#anchors.set(anchor, schema);
  }
}

function resolve(path: string, base: string): string {
  return URL.canParse(path, base) ? new URL(path, base).href : path;
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Follows a JSON pointer, `''` or `/a/0/b`, as it stands in a fragment; `a/b` is taken too. */
function follow(root: unknown, pointer: string): unknown {
  if (pointer === '') return root;
  const keys = pointer.replace(/^\//, '').split('/');
  return keys.reduce<unknown>(
    (target, key) => step(target, decode(key).replaceAll('~1', '/').replaceAll('~0', '~')),
    root,
  );
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
