import { runInNewContext } from 'node:vm';

import { describe, expect, it } from '@jest/globals';

import { preferencesScript } from './preferences.ts';

/** What is stored after the script has run where `before` was stored. */
function storedAfter(before: string | null, hostname = 'aistudio.google.com'): unknown {
  const stored = new Map(before === null ? [] : [['aiStudioUserPreference', before]]);
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  runInNewContext(preferencesScript, { location: { hostname }, localStorage });
  const after = stored.get('aiStudioUserPreference');
  return after === undefined ? undefined : JSON.parse(after);
}

describe('preferencesScript', () => {
  it('switches off whatever is on by itself', () => {
    expect(storedAfter(null)).toMatchObject({
      autosaveEnabled: false,
      enableSearchAsATool: false,
      enableGoogleMaps: false,
      enableImageSearch: false,
    });
  });

  it('bundle C12: never writes a model, and keeps the page’s own with its stamp', () => {
    expect(storedAfter(null)).not.toHaveProperty('promptModel');
    const own = { promptModel: 'models/a', _promptModelOverride: 'models/b' };
    expect(storedAfter(JSON.stringify({ ...own, thinkingBudgetsByModel: { a: 1 } }))).toMatchObject(
      own,
    );
  });

  it('bundle C13: writes no key that no build knows', () => {
    const keys = Object.keys(Object(storedAfter(null)));
    expect(keys).not.toContain('hasShownSearchGroundingTos');
    expect(keys).not.toContain('warmWelcomeDisplayed');
  });

  it('lets nothing carry over from one chat to the next', () => {
    const before = { thinkingBudgetsByModel: { a: 1 }, selectedSystemInstructionsConfigName: 'x' };
    const after = storedAfter(JSON.stringify(before));
    expect(after).not.toHaveProperty('thinkingBudgetsByModel');
    expect(after).not.toHaveProperty('selectedSystemInstructionsConfigName');
  });

  it('survives what it cannot read, and touches no other site', () => {
    expect(storedAfter('{')).toMatchObject({ autosaveEnabled: false });
    expect(storedAfter(null, 'accounts.google.com')).toBeUndefined();
  });
});
