import {
  NO_PACKS,
  openPagePacks,
  type PackComplaint,
  type PackSelector,
  type PackSet,
  type PagePack,
  type PagePacksOptions,
} from '@aistudio/core';
import { checkWireTables, toWireTables, type WireTables } from '@aistudio/wire';

import { checkElements, named } from './check-pack.ts';
import { COMPLAINTS } from './complaint-table.ts';
import { type Complaint } from './complaints.ts';
import {
  type Alternates,
  ELEMENT_NAMES,
  type ElementName,
  type Locator,
  selectors,
} from './selectors.ts';

/** How to find every element, best alternate first. */
export type SelectorTable = Readonly<Record<ElementName, Alternates>>;

/** What is known of the page: what is built in, behind what the page packs say. */
export interface PageKnowledge {
  readonly table: SelectorTable;
  /** By element, the packs that its first alternates come from; the rest are built in. */
  readonly origins: Readonly<Partial<Record<ElementName, readonly string[]>>>;
  /** What sentences of the page mean, those of packs first. */
  readonly complaints: readonly Complaint[];
  /** Names of calls, and positions in their messages. */
  readonly wire: WireTables;
  readonly packs: readonly string[];
  readonly digest: string;
}

/** Where pages take their knowledge from. */
export interface KnowledgeSource {
  readonly current: PageKnowledge;
  /** Looks whether a pack has changed. Never throws. */
  refresh(): Promise<void>;
  /** Says that the browser does not understand these alternates; they are not used. */
  refuse(digest: string, problems: readonly string[]): void;
}

/** The {@link KnowledgeSource} of a process, from the page packs of its setting. */
export interface PackedKnowledge extends KnowledgeSource, Disposable {
  /** What `/health` shows of it. */
  status(): { packs: string[]; digest: string; problems: string[] };
  /** Calls `look` whenever what is known has changed. */
  watch(look: () => void): void;
}

/** Puts the packs in front of what is built in; the first pack goes first. */
export function toKnowledge({ packs, digest }: Pick<PackSet, 'packs' | 'digest'>): PageKnowledge {
  const table: Record<ElementName, Alternates> = { ...selectors };
  const origins: Partial<Record<ElementName, readonly string[]>> = {};
  for (const name of ELEMENT_NAMES) {
    const added = packs.flatMap((pack) =>
      alternatesOf(pack, name).map((way) => ({ way, from: pack.name })),
    );
    if (added.length === 0) continue;
    table[name] = [...added.map(({ way }) => way), ...selectors[name]];
    origins[name] = added.map(({ from }) => from);
  }
  const complaints = packs.flatMap(({ texts = {} }) =>
    Object.values(texts).flatMap((language) => (language.complaints ?? []).map(toComplaint)),
  );
  return {
    table,
    origins,
    complaints: [...complaints, ...COMPLAINTS],
    wire: toWireTables(packs),
    packs: packs.map(({ name }) => name),
    digest,
  };
}

/** The tables of the source's present knowledge, whenever they are read. */
export const wireTablesOf = (source: KnowledgeSource): WireTables => ({
  get names() {
    return source.current.wire.names;
  },
  get positions() {
    return source.current.wire.positions;
  },
});

/** Puts these alternates in front of what is known, as a pack of this name would. */
export function extendKnowledge(
  known: PageKnowledge,
  name: string,
  ways: Readonly<Partial<Record<ElementName, Alternates>>>,
): PageKnowledge {
  const table: Record<ElementName, Alternates> = { ...known.table };
  const origins = { ...known.origins };
  for (const element of ELEMENT_NAMES) {
    const added = ways[element] ?? [];
    table[element] = [...added, ...table[element]];
    origins[element] = [...added.map(() => name), ...(origins[element] ?? [])];
  }
  return { ...known, table, origins, digest: `${known.digest}+${JSON.stringify(ways)}` };
}

/** As what pack alternates count that are on trial. */
export const PROPOSED = 'proposed';

/** Knowledge to which alternates are added for a trial. */
export class TrialKnowledge implements KnowledgeSource {
  readonly #source: KnowledgeSource;
  #ways: Partial<Record<ElementName, Alternates>> = {};

  constructor(source: KnowledgeSource) {
    this.#source = source;
  }

  /** Without what is tried. */
  get base(): PageKnowledge {
    return this.#source.current;
  }

  get current(): PageKnowledge {
    return extendKnowledge(this.base, PROPOSED, this.#ways);
  }

  /** From the next refresh on, these alternates go first. */
  try(ways: Readonly<Partial<Record<ElementName, Alternates>>>): void {
    this.#ways = { ...this.#ways, ...ways };
  }

  refresh(): Promise<void> {
    return this.#source.refresh();
  }

  refuse(digest: string, problems: readonly string[]): void {
    this.#source.refuse(digest, problems);
  }
}

/** What is known without any pack. */
export const builtInKnowledge: KnowledgeSource = {
  current: toKnowledge(NO_PACKS),
  refresh: () => Promise.resolve(),
  refuse: () => undefined,
};

/** Opens the packs of PAGE_PACK for pages to take their knowledge from. */
export async function openKnowledge(
  options: Omit<PagePacksOptions, 'check'>,
): Promise<PackedKnowledge> {
  const packs = await openPagePacks({
    ...options,
    check: (pack) => [...checkElements(pack), ...checkWireTables(pack)],
  });
  let current = toKnowledge(packs.current);
  let refused: { readonly digest: string; readonly problems: readonly string[] } | undefined;
  packs.watch(() => {
    if (packs.current.digest !== current.digest) current = toKnowledge(packs.current);
  });
  return {
    get current() {
      return current;
    },
    async refresh() {
      await packs.refresh();
    },
    refuse(digest, problems) {
      if (refused?.digest === digest) return;
      refused = { digest, problems };
      for (const problem of problems) options.log.error('page pack refused', { problem });
    },
    status: () => ({
      packs: [...current.packs],
      digest: current.digest,
      problems: [
        ...packs.current.problems,
        ...(refused?.digest === current.digest ? refused.problems : []),
      ],
    }),
    watch: (look) => packs.watch(look),
    [Symbol.dispose]: () => packs[Symbol.dispose](),
  };
}

function alternatesOf(pack: PagePack, name: ElementName): (string | Locator)[] {
  const ways = (pack.selectors?.[name] ?? []).map(toLocator);
  const labels = Object.values(pack.texts ?? {}).flatMap(({ labels: all }) => all?.[name] ?? []);
  const byLabel = labels.flatMap((label) =>
    named(name).map(({ css }) => ({ css, name: `^${literal(label)}` })),
  );
  return [...ways, ...byLabel];
}

function toLocator(way: PackSelector): string | Locator {
  if (typeof way === 'string') return way;
  const { css, name, near, text } = way;
  return {
    css,
    ...(name === undefined ? {} : { name }),
    ...(near === undefined ? {} : { near }),
    ...(text === undefined ? {} : { text }),
  };
}

const toComplaint = ({ retryAfterSeconds, ...complaint }: PackComplaint): Complaint => ({
  ...complaint,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
