import { listAt, stringAt } from '../wire/message.ts';
import { h } from './dom.ts';

/** Where an answer has something from. */
export interface Source {
  readonly uri: string;
  readonly title: string;
}

/** What a candidate says of its sources: chunks of grounding, and citations (wire-format.md §5.7). */
export function sourcesOf(candidate: unknown): Source[] {
  const chunks = listAt(candidate, 7, 1).map((chunk) => ({
    uri: stringAt(chunk, 0, 0) ?? '',
    title: stringAt(chunk, 0, 1) ?? '',
  }));
  const citations = listAt(candidate, 6, 0).map((entry) => {
    const uri = stringAt(entry, 2) ?? '';
    return { uri, title: uri };
  });
  return [...chunks, ...citations].filter(({ uri }) => uri !== '');
}

/** What stands below a grounded answer and is no part of it (page.md §5). */
export function groundingOf(sources: readonly Source[]): HTMLElement[] {
  const links = sources.map(({ uri, title }) =>
    h('li', {}, h('a[target="_blank"]', { href: /^https?:/.test(uri) ? uri : '#' }, title || uri)),
  );
  return [
    h('ms-grounding-sources', {}, h('h3', {}, 'Sources'), h('ol', {}, ...links)),
    h('ms-search-entry-point', {}, h('span', {}, 'Google Search Suggestions')),
  ];
}
