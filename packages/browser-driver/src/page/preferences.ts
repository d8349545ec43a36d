/**
 * What AI Studio keeps of a person's preferences (page.md §3), as this driver needs them: groups
 * unfolded, nothing saved to Drive, no tool on by itself, one-time dialogs seen. A model's own defaults
 * may switch search on all the same, so its switch is read for every prompt.
 */
const PREFERENCES = {
  isAdvancedOpen: true,
  areToolsOpen: true,
  isSystemInstructionsOpen: true,
  autosaveEnabled: false,
  enableSearchAsATool: false,
  enableGoogleMaps: false,
  enableImageSearch: false,
  hasShownDrivePermissionDialog: true,
} as const;

/**
 * What only builds before September 2026 know: answers shown as their source, dialogs seen. A newer
 * one drops them when it first saves.
 */
const OLDER_PREFERENCES = {
  rawModeEnabled: true,
  hasShownAutosaveOnDialog: true,
  fileCopyrightAcknowledged: true,
} as const;

/**
 * Script that sets them before the page's own scripts read them. `thinkingBudgetsByModel` and a
 * named instruction preset would carry over from one chat to the next, so they go. `promptModel` is
 * never written: without the stamp of the page's build beside it the page throws it away.
 */
export const preferencesScript = `
if (location.hostname === 'aistudio.google.com') {
  const key = 'aiStudioUserPreference';
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; } };
  const { thinkingBudgetsByModel, selectedSystemInstructionsConfigName, ...kept } = read();
  localStorage.setItem(key, JSON.stringify({ ...kept, ...${JSON.stringify({ ...OLDER_PREFERENCES, ...PREFERENCES })} }));
}`;
