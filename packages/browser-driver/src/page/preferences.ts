/**
 * What AI Studio keeps of a person's preferences (page.md §3), as this driver needs them: groups
 * unfolded, answers shown as their source, nothing saved to Drive, grounding off, one-time dialogs seen.
 */
const PREFERENCES = {
  isAdvancedOpen: true,
  areToolsOpen: true,
  isSystemInstructionsOpen: true,
  autosaveEnabled: false,
  enableSearchAsATool: false,
  hasShownDrivePermissionDialog: true,
  hasShownAutosaveOnDialog: true,
  hasShownSearchGroundingTos: true,
  warmWelcomeDisplayed: true,
  fileCopyrightAcknowledged: true,
  rawModeEnabled: true,
} as const;

/**
 * Script that sets them before the page's own scripts read them. `thinkingBudgetsByModel` and a
 * named instruction preset would carry over from one chat to the next, so they go.
 */
export const preferencesScript = `
if (location.hostname === 'aistudio.google.com') {
  const key = 'aiStudioUserPreference';
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return {}; } };
  const { thinkingBudgetsByModel, selectedSystemInstructionsConfigName, ...kept } = read();
  localStorage.setItem(key, JSON.stringify({ ...kept, ...${JSON.stringify(PREFERENCES)} }));
}`;
