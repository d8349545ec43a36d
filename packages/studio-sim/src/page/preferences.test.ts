import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { preferences } from './preferences.ts';

const KEY = 'aiStudioUserPreference';
const STAMP = 'models/gemini-3-flash-preview';
const stored = new Map<string, string>();

beforeEach(() => {
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
  });
});

afterEach(() => {
  stored.clear();
  Reflect.deleteProperty(globalThis, 'localStorage');
});

function store(values: Record<string, unknown>): void {
  stored.set(KEY, JSON.stringify(values));
}

function kept(): Record<string, unknown> {
  return JSON.parse(stored.get(KEY) ?? '{}');
}

describe('the preferences', () => {
  it('bundle C12: take the stored model only beside the build’s own stamp', () => {
    store({ promptModel: 'models/gemini-2.5-pro' });
    preferences.load(true);
    expect(preferences.value.promptModel).toBe(STAMP);
    store({ promptModel: 'models/gemini-2.5-pro', _promptModelOverride: STAMP });
    preferences.load(true);
    expect(preferences.value.promptModel).toBe('models/gemini-2.5-pro');
  });

  it('bundle C12: write the stamp at every save', () => {
    preferences.load(true);
    preferences.save({ promptModel: 'models/gemini-2.5-pro' });
    expect(kept()).toMatchObject({
      promptModel: 'models/gemini-2.5-pro',
      _promptModelOverride: STAMP,
    });
  });

  it('bundle C13: drop keys that the build does not know at the first save', () => {
    store({ rawModeEnabled: true, warmWelcomeDisplayed: true, autosaveEnabled: false });
    preferences.load(true);
    expect(preferences.value.rawModeEnabled).toBe(false);
    preferences.save({});
    expect(kept()).toMatchObject({ autosaveEnabled: false });
    expect(kept()).not.toHaveProperty('rawModeEnabled');
    expect(kept()).not.toHaveProperty('warmWelcomeDisplayed');
  });

  it('keep raw mode on an older page', () => {
    store({ rawModeEnabled: true });
    preferences.load(false);
    preferences.save({});
    expect(kept()).toMatchObject({ rawModeEnabled: true });
  });
});
