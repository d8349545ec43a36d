const KEY = 'aiStudioUserPreference';

/** What the page remembers between visits, in localStorage (page.md §3). */
export interface Preferences {
  readonly promptModel?: string | undefined;
  readonly _promptModelOverride?: string | undefined;
  readonly isAdvancedOpen: boolean;
  readonly areToolsOpen: boolean;
  readonly autosaveEnabled: boolean;
  readonly enableSearchAsATool: boolean;
  readonly rawModeEnabled: boolean;
  readonly fileCopyrightAcknowledged: boolean;
  readonly hasShownDrivePermissionDialog: boolean;
  readonly hasShownAutosaveOnDialog: boolean;
  readonly hasShownSearchGroundingTos: boolean;
  readonly warmWelcomeDisplayed: boolean;
  readonly thinkingBudgetsByModel: Readonly<Record<string, number>>;
  /** 0 and 2: Ctrl+Enter sends; 1: Enter does. */
  readonly enterKeyBehavior: number;
}

const DEFAULTS: Preferences = {
  isAdvancedOpen: false,
  areToolsOpen: true,
  autosaveEnabled: true,
  enableSearchAsATool: true,
  rawModeEnabled: false,
  fileCopyrightAcknowledged: false,
  hasShownDrivePermissionDialog: false,
  hasShownAutosaveOnDialog: false,
  hasShownSearchGroundingTos: false,
  warmWelcomeDisplayed: false,
  thinkingBudgetsByModel: {},
  enterKeyBehavior: 0,
};

let current = read();

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

/** The preferences: read once at load, written whole on every change, as the real page does. */
export const preferences = {
  get value(): Preferences {
    return current;
  },
  save(change: Partial<Preferences>): void {
    current = { ...current, ...change };
    localStorage.setItem(KEY, JSON.stringify(current));
  },
};
