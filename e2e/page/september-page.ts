import { el, icon, type Markup } from './markup.ts';
import { runSettings } from './september-settings.ts';

/** Whose page it is: neither may leave it. */
export const ACCOUNT = {
  name: 'Erika Musterfrau',
  address: 'erika.musterfrau@example.org',
} as const;

/** What the page shows beside an empty chat. */
export interface PageOptions {
  /** Turns; without any the chat is empty. */
  readonly turns?: readonly Markup[];
  /** What stands in the overlay container: dialogs, toasts, menus. */
  readonly overlays?: readonly Markup[];
  /** Files in the prompt box. */
  readonly media?: readonly Markup[];
  /** An agent is chosen instead of a model (page.md §6.1). */
  readonly hasAgent?: boolean;
}

/**
 * The chat page of September 2026, without scripts and layout (page.md §2, §4, §6): signed in, a
 * wide window, the browser's language German, run settings open. An element that the table of
 * selectors has a name for says so in `data-right`.
 */
export function septemberPage(options: PageOptions = {}): string {
  const { overlays = [] } = options;
  const page = el(
    'html[lang="de"][dir="ltr"]',
    el('head', el('meta[charset="utf-8"]'), el('title', 'Google AI Studio'), styles()),
    el(
      'body.dark-theme',
      cookieRow(),
      el(
        'app-root',
        el(
          'ms-app',
          el(
            'div.banner-and-app-container',
            el('button.skip-content', 'Skip to main content'),
            el('ms-global-banner'),
            el('ms-omnibar'),
            el('div.makersuite-layout', navigation(), main(options)),
          ),
        ),
      ),
      describedTexts(),
      ...(overlays.length > 0 ? [el('div.cdk-overlay-container', ...overlays)] : []),
    ),
  );
  return `<!doctype html>\n${page.html}`;
}

/** What decides whether an element can be seen. */
const styles = (): Markup => ({
  html: `<style>
    .file-input, [aria-hidden=true].cookie-row { display: none }
    .dragging-overlay { visibility: hidden }
    .cdk-describedby-message-container { visibility: hidden; position: absolute }
    .overlay-fixed { position: fixed; inset: 0 }
    ms-model-carousel-row.disabled { pointer-events: none }
  </style>`,
});

const cookieRow = (): Markup =>
  el(
    'div.glue-cookie-notification-bar.cookie-row[role="region"][aria-hidden="true"][inert]',
    el('p', 'Diese Website verwendet Cookies.'),
    el('button.glue-cookie-notification-bar__accept', 'Ausblenden'),
  );

/** Hidden descriptions of controls: words of errors among them mean nothing (page.md §8). */
const describedTexts = (): Markup =>
  el(
    'div.cdk-describedby-message-container',
    el(
      'div#cdk-describedby-message-1',
      'This tool is not compatible with the current active tools.',
    ),
    el('div#cdk-describedby-message-2', 'Drücken Sie die Leertaste, um die Auswahl zu ändern.'),
    el('div#cdk-describedby-message-3', 'Failed to generate content'),
  );

const navigation = (): Markup =>
  el(
    'ms-navbar-v2[data-right="account"]',
    el(
      'div.nav-content.v3-left-nav.expanded',
      el('button.navbar-toggle-button[aria-label="Collapse navigation menu"]', icon('menu_open')),
      el(
        'nav',
        ...['Playground', 'History', 'My apps', 'Dashboard'].map((text) =>
          el('a.ms-button-borderless[aria-disabled="false"]', icon('apps'), el('span', text)),
        ),
      ),
      el('button.upgrade-card', el('span.title', 'Upgrade to unlock more')),
      el('button[data-test-id="settings-menu"][aria-label="Settings"]', icon('settings')),
      el('button[aria-label="Search (Ctrl /)"]', icon('search')),
      el('button[aria-label="Get API key"]', icon('key')),
      el(
        'div.account-switcher-container',
        el(
          'button.account-switcher-button.ms-button-primary[aria-disabled="false"]',
          el('span.account-switcher-text', ` ${ACCOUNT.address} `),
        ),
        el(
          'ms-account-switcher',
          el(
            'div#account-switcher-button',
            el(
              `div.button-container[role="button"][aria-label="Google-Konto: ${ACCOUNT.name} (${ACCOUNT.address})"]`,
              el(`img.avatar[alt="${ACCOUNT.name}"]`),
            ),
          ),
        ),
      ),
    ),
  );

const main = (options: PageOptions): Markup =>
  el(
    'div.layout-wrapper[role="main"]',
    el(
      'ms-prompt-renderer',
      el(
        'ms-chunk-editor',
        el(
          'section.chunk-editor-main',
          toolbar(),
          el('ms-paid-api-key-callout', el('div.api-callout-container')),
          el('div.chat-container', chatView(options.turns ?? [])),
          el('footer', promptBox(options.media ?? [])),
        ),
        runSettings(options.hasAgent === true),
      ),
    ),
  );

const toolbar = (): Markup =>
  el(
    'ms-playground-toolbar',
    el(
      'ms-header',
      el(
        'div.toolbar-left',
        el('div.page-title.can-edit', el('h1.mode-title', 'Playground')),
        el(
          'p.token-container',
          el('ms-token-count[data-right="tokenCount"]', el('div.token-count-container')),
        ),
      ),
      el(
        'div.toolbar-right',
        el('button[aria-label="Share prompt"][aria-disabled="true"]', icon('share')),
        el('button[data-test-compare][aria-disabled="false"]', icon('compare_arrows')),
        el(
          'button[data-test-clear="outside"][aria-label="New chat"][aria-disabled="true"][data-right="newChat"]',
          icon('add'),
        ),
        el(
          'div.overflow-menu-wrapper',
          el(
            'button[aria-label="View more actions"][aria-haspopup="menu"][data-right="moreActions"]',
            icon('more_vert'),
          ),
        ),
      ),
    ),
    el('mat-menu'),
  );

function chatView(turns: readonly Markup[]): Markup {
  if (turns.length > 0) {
    const session = el('ms-chat-session', el('ms-autoscroll-container', ...turns));
    return el('div.chat-view-container', session);
  }
  return el(
    'div.chat-view-container.zero-state[data-right="emptyChat"]',
    el(
      'ms-zero-state.container-with-promo',
      el('h2', 'Explore Google models'),
      ...['models', 'agents'].map((value) =>
        el(`button[role="radio"][data-value="${value}"][aria-checked="false"]`, value),
      ),
      el('button.category-card[data-test-category-card]', el('h3', 'Featured')),
      el('a[data-test-start-building]', 'Start building'),
    ),
  );
}

const promptBox = (media: readonly Markup[]): Markup =>
  el(
    'ms-prompt-box[data-right="promptBox"]',
    el('div.dragging-overlay', icon('add_circle'), ' Drop files here '),
    el(
      'div.prompt-box-container',
      ...(media.length > 0 ? [el('div.multi-media-row', ...media)] : []),
      el(
        'div.text-wrapper',
        el(
          'textarea.textarea.cdk-textarea-autosize[rows="1"][formcontrolname="promptText"][aria-label="Enter a prompt"][placeholder="Start typing a prompt to see what our models can do"][data-right="promptInput"]',
        ),
      ),
      el(
        'div.buttons-row',
        el(
          'ms-add-media-button',
          el(
            'button.ms-button-filter-chip[data-test-id="add-media-button"][data-test="selectMediaMenu"][aria-label="Insert images, videos, audio, or files"][aria-haspopup="menu"][data-right="attach"]',
            icon('add_circle'),
          ),
          el('mat-menu'),
          el(
            'input.file-input[type="file"][multiple][data-test-upload-file-input][data-right="fileInput"]',
          ),
        ),
        el(
          'ms-paid-api-key-button',
          el('button.paid-api-key-button[aria-label="No API key selected"]', icon('key_off')),
        ),
        el(
          'ms-prompt-box-tools',
          el(
            'button.xap-inline-dialog[aria-label="Open tools menu"][aria-haspopup="dialog"]',
            'Tools',
          ),
          el(
            'div.enabled-tool',
            el('button.tool-chip-button', el('span.tool-name', 'Grounding with Google Search')),
            el('button[aria-label="Remove Grounding with Google Search"]', icon('close')),
          ),
        ),
        el('button[aria-label="Speech to text"]', icon('mic')),
        el(
          'ms-run-button',
          el(
            'button.ctrl-enter-submits.ms-button-primary[aria-disabled="true"][data-right="runButton"]',
            el('span.run-button-label', ' Run '),
            el('span.secondary-key', ' Ctrl '),
            icon('keyboard_return'),
          ),
        ),
      ),
    ),
  );
