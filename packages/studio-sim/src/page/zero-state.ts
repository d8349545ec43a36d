import { h } from './dom.ts';
import { icon } from './icons.ts';
import { msButton } from './ms-button.ts';

type Category = readonly [id: number, kind: string, glyph: string, title: string, text: string];

const CATEGORIES: readonly Category[] = [
  [10, 'featured', 'star', 'Featured', 'Test out our most advanced and newest models.'],
  [17, 'chat', 'chat_bubble', 'Code and Chat', 'Build chatbots, agents, and code with Gemini 3.'],
  [15, 'image', 'image', 'Image Generation', 'Create and edit images.'],
  [14, 'video', 'movie', 'Video Generation', 'Generate videos.'],
  [13, 'audio', 'mic', 'Speech and Music', 'Explore text to speech and music generation.'],
  [18, 'realtime', 'bolt', 'Real-time', 'Real-time voice and video with Live API.'],
];

/** What an empty chat shows (page.md §2). */
export function createZeroState(): HTMLElement {
  return h(
    'ms-zero-state.v3-zero-state',
    {},
    h(
      'div.main-content-container',
      {},
      h(
        'ms-grid-view',
        {},
        h(
          'div.grid-views-container',
          {},
          h('div.header-row', {}, h('h2.carousel-title', {}, 'Explore Google models'), kinds()),
          h(
            'div.grid-views-content',
            {},
            h(
              'ms-model-grid[role="region"][aria-label="Model category grid"]',
              {},
              h('div.category-grid', {}, ...CATEGORIES.map(card)),
            ),
          ),
          h(
            'div.start-building-container',
            {},
            h(
              'a.ms-button-secondary[data-test-start-building]',
              { 'ms-button': true, href: '/apps', 'aria-disabled': 'false' },
              ' Start building ',
            ),
          ),
        ),
      ),
    ),
  );
}

function kinds(): HTMLElement {
  return h(
    'ms-button-toggle',
    {},
    h(
      'div.toggle-group[role="radiogroup"]',
      {},
      choice('Models', 'models', true),
      choice('Agents', 'agents', false),
    ),
  );
}

function choice(name: string, value: string, isChecked: boolean): HTMLElement {
  return msButton(
    'button.toggle-button[role="radio"]',
    'borderless',
    { 'data-value': value, 'aria-checked': String(isChecked) },
    h('span.toggle-label', {}, name),
  );
}

function card([id, kind, glyph, title, text]: Category): HTMLElement {
  return h(
    'button.category-card[data-test-category-card]',
    { 'data-test-category-id': id },
    h(
      'div.card-header',
      {},
      h(`div.card-icon-container.icon-${kind}`, {}, icon(glyph, '.card-icon')),
      h('h3.card-title', {}, title),
    ),
    h('p.card-description', {}, text),
  );
}
