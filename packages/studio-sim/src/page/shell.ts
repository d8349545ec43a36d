import { h } from './dom.ts';
import { icon } from './icons.ts';

const LINKS = [
  ['chat', 'Playground', '/prompts/new_chat'],
  ['code', 'Build', '/apps'],
  ['dashboard', 'Dashboard', '/usage'],
  ['history', 'Library', '/library'],
  ['key', 'Get API key', '/api-keys'],
] as const;

/** The navigation on the left. */
export function createNavbar(): HTMLElement {
  return h(
    'ms-navbar',
    {},
    h('div.brand', {}, icon('auto_awesome'), h('span', {}, 'Google AI Studio')),
    h(
      'nav',
      {},
      ...LINKS.map(([glyph, name, href]) =>
        h('a.nav-item', { href }, icon(glyph), h('span', {}, name)),
      ),
    ),
  );
}

/** The bar above the chat (page.md §1). */
export function createToolbar(title: HTMLElement, ...buttons: HTMLElement[]): HTMLElement {
  return h(
    'ms-toolbar',
    {},
    h(
      'div.toolbar-container',
      {},
      h('div.toolbar-left', {}, title),
      h('div.toolbar-right', {}, ...buttons),
    ),
  );
}

/** Texts that live in the document for screen readers only and never mean what they say (page.md §8). */
export function createHiddenDescriptions(): HTMLElement {
  const texts = [
    'Failed to generate content: user has exceeded quota',
    'An internal error has occurred.',
    'Function calling is not compatible with the current active tools',
    'Stop generating',
  ];
  return h(
    'div.cdk-describedby-message-container.cdk-visually-hidden',
    {},
    ...texts.map((text, index) =>
      h('div', { id: `cdk-describedby-message-ng-1-${index}`, role: 'tooltip' }, text),
    ),
  );
}
