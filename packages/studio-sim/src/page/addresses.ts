/** The address of a page of this account: `/u/N` stays in front (page.md §1). */
export function pathOf(page: string): string {
  const account = /^\/u\/\d+/.exec(location.pathname)?.[0] ?? '';
  return `${account}${page}`;
}

/** What follows in the address, once the chosen model stands in it. */
export function showModelInAddress(id: string): void {
  const query = new URLSearchParams(location.search);
  query.set('model', id);
  history.replaceState(null, '', `${location.pathname}?${query.toString()}`);
}
