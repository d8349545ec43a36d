import { type FaultName } from '../control/faults.ts';
import { keysOf } from '../typed-object.ts';
import { type App } from './app.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, msButton } from './ms-button.ts';

/** Makes a cover; `close` takes it away. */
type Cover = (close: () => void) => HTMLElement;

/** What may lie over Run without being a dialog (page.md §8). */
const COVERS = {
  'consent-bar': (close) =>
    h(
      'div.cover.consent-bar[role="region"][aria-label="Notice"]',
      {},
      h('span', {}, 'Your use of this service is subject to new terms.'),
      h('a', { href: '/docs' }, 'Learn more'),
      msButton('button', 'primary', { onClick: close }, 'Understood'),
    ),
  promo: (close) =>
    h(
      'ms-promo-card.cover.promo-card',
      {},
      iconButton('button[aria-label="Dismiss"]', 'close', { onClick: close }),
      h('div.title', {}, 'Build apps with one prompt'),
      h('p', {}, 'Try the new app builder.'),
      msButton('button', 'secondary', {}, 'Try it'),
    ),
  omnibar: (close) =>
    h(
      'div.cover.overlay-backdrop',
      { onClick: ({ target, currentTarget }) => target === currentTarget && close() },
      h(
        'div.omnibar-container',
        {},
        icon('search'),
        h('input[aria-label="Search"][placeholder="Search"]'),
      ),
    ),
} satisfies Partial<Record<FaultName, Cover>>;

/** Shows each cover when its fault is switched on, until it is closed by its own means. */
export function watchCovers({ live, effects }: App): void {
  const shown = new Set<string>();
  let search: HTMLElement | undefined;
  live.watch(({ faults }) => {
    for (const name of keysOf(COVERS)) {
      if (!(name in faults)) {
        shown.delete(name);
        continue;
      }
      if (shown.has(name)) continue;
      const cover: HTMLElement = COVERS[name](() => effects.after(() => cover.remove()));
      shown.add(name);
      if (name === 'omnibar') search = cover;
      if (live.take(name)) effects.after(() => place(name, cover));
    }
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') search?.remove();
  });
}

/** The search belongs to its own element; the others lie over the whole page. */
function place(name: string, cover: HTMLElement): void {
  const omnibar = document.querySelector('ms-omnibar');
  if (name === 'omnibar' && omnibar) omnibar.append(cover);
  else document.body.append(cover);
}
