import { type App } from './app.ts';
import { fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton, msButton, setDisabled } from './ms-button.ts';

type Link = readonly [glyph: string, name: string, path: string];

const EXPLORE: readonly Link[] = [
  ['chat_spark', 'Playground', '/prompts/new_chat'],
  ['history', 'History', '/library'],
];
const BUILD: readonly Link[] = [
  ['add', 'New app', '/apps'],
  ['widgets', 'My apps', '/apps?source=user'],
  ['gallery_thumbnail', 'Gallery', '/apps?source=showcase'],
];
const MANAGE: readonly Link[] = [
  ['speed', 'Dashboard', '/api-keys'],
  ['developer_guide', 'Documentation', '/docs'],
];

/** Who is signed in: nobody real. */
const PERSONS = [
  { name: 'Example Person', address: 'person@example.com' },
  { name: 'Second Person', address: 'second.person@example.com' },
] as const;

/** The navigation on the left, with the account's name and address (page.md §0). */
export function createNavbar({ marks, config }: App): HTMLElement {
  return h(
    marks.navbar,
    {},
    h(
      'div.nav-content.v3-left-nav.nesting-enabled.expanded',
      {},
      h(
        'div.navbar-header.v3-design',
        {},
        h(
          'a.logo-wrapper.logo-link[aria-label="Google AI Studio"]',
          { 'ms-button': true, href: '/prompts/new_chat', 'aria-disabled': 'false' },
          h('span.ms-custom-icon.notranslate[aria-hidden="true"]'),
        ),
        iconButton(
          'button.navbar-toggle-button[aria-label="Collapse navigation menu"]',
          'menu_open',
        ),
      ),
      h(
        'nav',
        {},
        h(
          'ms-nav-items-v2',
          {},
          h(
            'ms-nav-items-main-v2.flat-left-nav',
            {},
            h('div.section-header', {}, 'Explore'),
            h('ms-nav-items-playground-v2.flat-left-nav', {}, ...EXPLORE.map(link)),
            h('div.section-header', {}, 'Build'),
            h('ms-nav-items-build-v2.flat-left-nav', {}, ...BUILD.map(link)),
            h('div.section-header', {}, 'Manage'),
            ...MANAGE.map(link),
          ),
        ),
      ),
      h('div.empty-space'),
      bottomActions(config.authUser),
    ),
  );
}

function link([glyph, name, href]: Link): HTMLElement {
  const element = h(
    'a.ms-button-borderless',
    { 'ms-button': true, variant: 'borderless', 'aria-disabled': 'false', href },
    icon(glyph),
    h('span.nav-item-main-text', {}, name),
  );
  if (name === 'Playground') element.classList.add('playground-link', 'active');
  return element;
}

function bottomActions(authUser: number): HTMLElement {
  const { name, address } = PERSONS[authUser % PERSONS.length] ?? PERSONS[0];
  return h(
    'div.bottom-actions',
    {},
    h(
      'ms-navbar-upgrade-card',
      {},
      h(
        'div.upgrade-card-wrapper',
        {},
        h(
          'button.upgrade-card',
          {},
          h('span.title', {}, 'Upgrade to unlock more'),
          h('span.subtitle', {}, 'Access higher limits, Pro models, and more.'),
        ),
      ),
    ),
    h(
      'div.icon-button-row',
      {},
      h('ms-updates', {}, iconButton('button[aria-label="What\'s new"]', 'notifications')),
      h(
        'ms-settings-menu',
        {},
        iconButton(
          'button.trigger-button[data-test-id="settings-menu"][aria-label="Settings"]',
          'settings',
        ),
      ),
      iconButton('button[aria-label="Search (Ctrl /)"]', 'search'),
      h('ms-api-key-button', {}, iconButton('button[aria-label="Get API key"]', 'key')),
    ),
    h(
      'div.account-switcher-container',
      {},
      msButton(
        'button.account-switcher-button',
        'primary',
        {},
        h('div.avatar-placeholder'),
        h('span.account-switcher-text', {}, ` ${address} `),
      ),
      h(
        'ms-account-switcher',
        {},
        h(
          'div#account-switcher-button.container',
          {},
          h(
            'div.button-container[role="button"][tabindex="0"]',
            { 'aria-label': `Google-Konto: ${name} (${address})` },
            h('connect-avatar.medium', {}, h('span.avatar', { title: name })),
          ),
        ),
      ),
    ),
  );
}

/** What the bar above the chat shows. */
export interface ToolbarParts {
  /** The heading, which is the chat's title. */
  readonly title: HTMLElement;
  readonly tokenCount: HTMLElement;
  readonly buttons: readonly HTMLElement[];
}

/** The bar above the chat (page.md §1). */
export function createToolbar(
  { marks, runState, effects }: App,
  { title, tokenCount, buttons }: ToolbarParts,
): HTMLElement {
  const share = iconButton('button[aria-label="Share prompt"]', 'share');
  setDisabled(share, true);
  effects.follow(runState, (state) => {
    if (state === 'generating') setDisabled(share, false);
  });
  return h(
    marks.toolbar,
    {},
    h(
      marks.toolbarRow,
      {},
      h(
        'div.toolbar-left',
        {},
        h(
          'div.title-tokencount-container',
          {},
          h('div.page-title.can-edit', {}, title),
          h('p.token-container', {}, tokenCount),
        ),
      ),
      h(
        'div.toolbar-right',
        {},
        h('ms-share-prompt', {}, share),
        iconButton(
          'button.compare-button[data-test-compare][mattooltip="Compare mode"]',
          'compare_arrows',
        ),
        ...buttons,
      ),
    ),
    h('mat-menu'),
  );
}

/** The callout that a model behind a key has; its container is there, and empty, for every other (page.md §4). */
export function createPaidCallout({ settings, effects }: App): HTMLElement {
  const container = h('div.api-callout-container');
  effects.followPart(
    settings,
    ({ model }) => model?.isPaid ?? false,
    (isPaid) =>
      fill(
        container,
        isPaid &&
          h(
            'ms-callout.info-callout',
            {},
            h(
              'div.main-content',
              {},
              icon('key'),
              h(
                'div.content',
                {},
                h('div.message', {}, 'A paid API key is needed to use this model.'),
                h('div.actions', {}, h('a.action-link', { href: '/api-keys' }, 'Select a key')),
              ),
            ),
          ),
      ),
  );
  return h('ms-paid-api-key-callout', {}, container);
}

/** Texts that live in the document for screen readers only and never mean what they say (page.md §8). */
export function createHiddenDescriptions(): HTMLElement {
  const texts = [
    'Submit: Ctrl + Enter Newline: Enter',
    'Submit: Enter Newline: Shift + Enter',
    'Drücken Sie die Leertaste, um die Auswahl zu ändern',
    'Use Google Search',
    'Send prompt (Ctrl + Enter) Append to prompt (Alt + Enter)',
    'Get SDK code to chat with Gemini',
    'API pricing per 1M tokens. Usage in AI Studio UI is free of charge when no API key is selected',
    'Optimizes for latency',
    '(Recommended) Maximizes reasoning depth',
    'Set the thinking level',
    'Lets you define functions that Gemini can call  This tool is not compatible with the current active tools.',
    'Browse the url context',
    'Adjust harmful response settings',
    'Truncate response including and after string',
    'Maximum number of tokens in response',
    'Already in a new chat',
    'Temporary chat',
    'Moves to Google Drive Trash (Permanently deleted after 30 days)',
    'Show conversation without markdown formatting',
    'You need to create and run a prompt in order to share it',
    'Compare mode',
    'Stop generation before creating a new chat',
  ];
  const container = h(
    'div.cdk-describedby-message-container.cdk-visually-hidden',
    { style: 'visibility: hidden;' },
    ...texts.map((text, index) =>
      h('div', { id: `cdk-describedby-message-ng-1-${index}`, role: 'tooltip' }, text),
    ),
  );
  return container;
}
