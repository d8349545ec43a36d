import { type PageNode } from './page-tree.ts';

/** Elements of a tag, of a class, or with an attribute. */
export type Place =
  | { readonly tag: string }
  | { readonly class: string }
  | { readonly attribute: string; readonly value?: string };

/** Whether an element is one of these. */
export function matches({ tag, attributes }: PageNode, places: readonly Place[]): boolean {
  const valueOf = (wanted: string): string | undefined =>
    attributes.find(([name]) => name === wanted)?.[1];
  const classes = valueOf('class')?.split(/\s+/) ?? [];
  return places.some((place) => {
    if ('tag' in place) return place.tag === tag;
    if ('class' in place) return classes.includes(place.class);
    const value = valueOf(place.attribute);
    return place.value === undefined ? value !== undefined : value === place.value;
  });
}
