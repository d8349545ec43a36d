import { type FaultName } from '../control/faults.ts';
import { keysOf } from '../typed-object.ts';
import { type App } from './app.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { dialogBody, type Overlay } from './overlays.ts';
import { type Preferences, preferences } from './preferences.ts';

/** Something uninvited over the page, and how to be rid of it (page.md §8). */
interface Intrusion {
  /** The preference that says it was seen before; it keeps it away when the page loads. */
  readonly seen?: keyof Preferences;
  readonly show: (app: App) => void;
}

/** What a choice in a dialog does besides closing it. */
type Choice = readonly [name: string, change?: Partial<Preferences>, mark?: string];

const PRIMARY = 'button.ms-button-primary';
const PLAIN = 'button.ms-button-borderless';

const INTRUSIONS = {
  'welcome-dialog': {
    seen: 'warmWelcomeDisplayed',
    show: (app) =>
      showDialog(app, 'Welcome to AI Studio', 'The fastest way to start with Gemini.', [
        ['Try Gemini', { warmWelcomeDisplayed: true }, `${PRIMARY}[aria-label="Try Gemini"]`],
      ]).classList.add('welcome-option'),
  },
  'tos-dialog': { show: showTerms },
  'autosave-dialog': {
    seen: 'hasShownAutosaveOnDialog',
    show: (app) =>
      void showDialog(app, 'Autosave is on', 'Your chats are saved in Google Drive.', [
        ['Got it', { hasShownAutosaveOnDialog: true }, PRIMARY],
      ]),
  },
  'drive-dialog': {
    seen: 'hasShownDrivePermissionDialog',
    show: (app) =>
      void showDialog(
        app,
        'Save your conversations in Google Drive (Recommended)',
        'AI Studio needs your permission for that.',
        [
          [
            'Cancel and use Temporary chat',
            { hasShownDrivePermissionDialog: true, autosaveEnabled: false },
          ],
          ['Enable Google Drive', { hasShownDrivePermissionDialog: true }, PRIMARY],
        ],
      ),
  },
  'search-grounding-dialog': {
    seen: 'hasShownSearchGroundingTos',
    show: (app) =>
      void showDialog(app, 'Grounding with Google Search', 'Terms for grounded answers apply.', [
        ['Cancel'],
        ['Continue', { hasShownSearchGroundingTos: true }, PRIMARY],
      ]),
  },
  'paid-usage-dialog': { show: showPaidUsage },
  'unknown-dialog': {
    show: ({ overlays }) =>
      void overlays.dialog(
        dialogBody('Something nobody has seen before', h('p', {}, 'There is no way around it.')),
        { isDismissible: false },
      ),
  },
  'cookie-bar': { show: showCookieBar },
  survey: { show: showSurvey },
  banner: { show: showBanner },
  'blocking-overlay': {
    show: ({ overlays }) => void overlays.open(h('div'), { backdrop: 'leftover-backdrop' }),
  },
  'unrelated-toast': {
    show: ({ toasts }) => toasts.show('error', 'Failed to delete prompt. Please retry.'),
  },
} satisfies Partial<Record<FaultName, Intrusion>>;

/** Shows each intrusion when the page loads, and once more whenever its fault is switched on. */
export function watchIntrusions(app: App): void {
  const shown = new Set<string>();
  let isLoading = true;
  app.live.watch(({ faults }) => {
    for (const name of keysOf(INTRUSIONS)) {
      const intrusion: Intrusion = INTRUSIONS[name];
      if (!(name in faults)) shown.delete(name);
      else if (!shown.has(name)) {
        shown.add(name);
        const wasSeen = isLoading && intrusion.seen && preferences.value[intrusion.seen];
        if (!wasSeen && app.live.take(name)) intrusion.show(app);
      }
    }
  });
  isLoading = false;
}

function showDialog(
  { overlays }: App,
  title: string,
  text: string,
  choices: readonly Choice[],
): HTMLElement {
  const buttons = choices.map(([name, change, mark = PLAIN]) =>
    h(
      mark,
      {
        onClick() {
          if (change) preferences.save(change);
          overlay.close();
        },
      },
      name,
    ),
  );
  const body = dialogBody(title, h('p', {}, text), ...buttons);
  const overlay: Overlay = overlays.dialog(body, { isDismissible: false });
  return body;
}

/** Only a person may accept: the button works once the box is ticked. */
function showTerms({ overlays }: App): void {
  const accept = h(PRIMARY, { disabled: true, onClick: () => overlay.close() }, 'I accept');
  const box = h('input[type="checkbox"]', {
    'aria-label': 'I have read the terms of service',
    onChange: () => {
      accept.toggleAttribute('disabled', !box.checked);
    },
  });
  const text = h('label', {}, box, ' I have read the Terms of Service and the privacy policy');
  const overlay = overlays.dialog(dialogBody('Terms of Service', text, accept), {
    isDismissible: false,
  });
}

function showPaidUsage({ overlays }: App): void {
  const close = h('button[aria-label="close"]', { onClick: () => overlay.close() }, icon('close'));
  const heading = h('span.dialog-heading', {}, 'This model is paid', close);
  const overlay = overlays.dialog(
    h('ms-paid-usage-dialog', {}, dialogBody(heading, h('p', {}, 'Choose an API key to use it.'))),
    { isDismissible: false },
  );
}

function showCookieBar(): void {
  const bar = h(
    'div.glue-cookie-notification-bar',
    {},
    'This site uses cookies.',
    h('button.glue-cookie-notification-bar__accept', { onClick: () => bar.remove() }, 'OK, got it'),
    h('button.glue-cookie-notification-bar__reject', { onClick: () => bar.remove() }, 'No thanks'),
  );
  document.body.append(bar);
}

function showSurvey(): void {
  document.body.append(
    h('iframe#google-hats-survey-frame', {
      srcdoc: '<body style="background:#fff">How do you like AI Studio?</body>',
      title: 'Survey',
    }),
  );
}

function showBanner(): void {
  const message = 'Some features are degraded. We are working on it.';
  document.body.prepend(
    h(
      'ms-global-banner',
      {},
      h('div.error-banner', {}, h('span.error-banner-message', {}, message)),
    ),
  );
}
