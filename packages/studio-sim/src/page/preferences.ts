const KEY = 'aiStudioUserPreference';

/**
 * The version stamp of the build: a stored model counts only where it stands beside it (page.md
 * §3).
 */
const STAMP = 'models/gemini-3-flash-preview';

/** What the page remembers between visits, in localStorage (page.md §3). */
export interface Preferences {
  /** `models/<id>`: what new chats use. */
  readonly promptModel?: string | undefined;
  readonly isAdvancedOpen: boolean;
  readonly areToolsOpen: boolean;
  readonly autosaveEnabled: boolean;
  readonly enableSearchAsATool: boolean;
  readonly enableGoogleMaps: boolean;
  readonly enableImageSearch: boolean;
  readonly hasShownDrivePermissionDialog: boolean;
  readonly thinkingBudgetsByModel: Readonly<Record<string, number>>;
  /** 0 and 2: Ctrl+Enter sends; 1: Enter does. */
  readonly enterKeyBehavior: number;
  /** Whether text shows as its source. Gone in the newest build. */
  readonly rawModeEnabled: boolean;
  /** Whether the note about autosave was seen. Gone in the newest build. */
  readonly hasShownAutosaveOnDialog: boolean;
  /** Whether the consent to the use of files was given. Only the oldest build has it. */
  readonly fileCopyrightAcknowledged: boolean;
}

const DEFAULTS: Preferences = {
  isAdvancedOpen: false,
  areToolsOpen: true,
  autosaveEnabled: true,
  enableSearchAsATool: true,
  enableGoogleMaps: false,
  enableImageSearch: false,
  hasShownDrivePermissionDialog: false,
  thinkingBudgetsByModel: {},
  enterKeyBehavior: 0,
  rawModeEnabled: false,
  hasShownAutosaveOnDialog: false,
  fileCopyrightAcknowledged: false,
};
/** Keys that a build of its time no longer keeps: they last as long as the page is open. */
const GONE: readonly (keyof Preferences)[] = [
  'rawModeEnabled',
  'hasShownAutosaveOnDialog',
  'fileCopyrightAcknowledged',
];

let current = DEFAULTS;
let gone: readonly string[] = [];

/** The preferences: read once at load, written whole on every change, as the real page does. */
export const preferences = {
  get value(): Preferences {
    return current;
  },
  /** Reads what is stored. What the build does not know is dropped at the first save. */
  load(isNewest: boolean): void {
    gone = isNewest ? GONE : [];
    const stored = parse(localStorage.getItem(KEY));
    const known = Object.entries(stored).filter(([name]) => isKept(name));
    current = { ...DEFAULTS, isAdvancedOpen: isNewest, ...Object.fromEntries(known) };
    if (stored['_promptModelOverride'] !== STAMP) current = { ...current, promptModel: STAMP };
  },
  save(change: Partial<Preferences>): void {
    current = { ...current, ...change };
    const kept = Object.entries(current).filter(([name]) => isKept(name));
    const stored = { ...Object.fromEntries(kept), _promptModelOverride: STAMP };
    localStorage.setItem(KEY, JSON.stringify(stored));
  },
};

function isKept(name: string): boolean {
  return (name in DEFAULTS || name === 'promptModel') && !gone.includes(name);
}

function parse(text: string | null): Record<string, unknown> {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}
