import { type FaultName } from '../control/faults.ts';
import { keysOf } from '../typed-object.ts';
import { type App } from './app.ts';
import { h } from './dom.ts';
import { type ButtonVariant, msButton } from './ms-button.ts';
import { dialogBody, type Overlay } from './overlays.ts';
import { type Preferences, preferences } from './preferences.ts';
import { showBanner, showPaidUsage, showSurvey, showTerms } from './uninvited.ts';

/** Something uninvited over the page, and how to be rid of it (page.md §8). */
interface Intrusion {
  /** The preference that says it was seen before; it keeps it away when the page loads. */
  readonly seen?: keyof Preferences;
  readonly show: (app: App) => void;
}

/** A button of a dialog, and what it does besides closing it. */
type Choice = readonly [name: string, onChoose?: (() => void) | undefined, variant?: ButtonVariant];

const INTRUSIONS = {
  'welcome-dialog': {
    show: (app) =>
      showDialog(app, 'Welcome to AI Studio', 'The fastest way to start with Gemini.', [
        ['Try Gemini', undefined, 'primary'],
      ]).classList.add('welcome-option'),
  },
  'tos-dialog': { show: showTerms },
  'autosave-dialog': {
    seen: 'hasShownAutosaveOnDialog',
    show: (app) =>
      void showDialog(app, 'Autosave is on', 'Your chats are saved in Google Drive.', [
        ['Got it', remember({ hasShownAutosaveOnDialog: true }), 'primary'],
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
          ['Cancel and use Temporary chat', () => refuseDrive(app)],
          ['Enable Google Drive', remember({ hasShownDrivePermissionDialog: true }), 'primary'],
        ],
      ),
  },
  'search-grounding-dialog': {
    show: (app) =>
      void showDialog(app, 'Grounding with Google Search', 'Terms for grounded answers apply.', [
        ['Cancel'],
        ['Continue', undefined, 'primary'],
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
  survey: { show: showSurvey },
  banner: { show: showBanner },
  'blocking-overlay': {
    show: ({ overlays }) => void overlays.open(h('div'), { backdrop: 'leftover-backdrop' }),
  },
  'unrelated-toast': {
    show: ({ toasts }) => toasts.show('error', 'Failed to delete prompt. Please retry.'),
  },
} satisfies Partial<Record<FaultName, Intrusion>>;

function remember(change: Partial<Preferences>): () => void {
  return () => preferences.save(change);
}

function refuseDrive({ isTemporary }: App): void {
  preferences.save({ hasShownDrivePermissionDialog: true, autosaveEnabled: false });
  isTemporary.set(true);
}

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
  const buttons = choices.map(([name, onChoose, variant = 'borderless']) =>
    msButton(
      `button[aria-label="${name}"]`,
      variant,
      {
        onClick() {
          onChoose?.();
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
