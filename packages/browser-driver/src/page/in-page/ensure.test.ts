import { describe, expect, it } from '@jest/globals';

import { createEnsure, type Step } from './ensure.ts';

interface Control {
  isDisabled: boolean;
  presses: number;
}

const dom = {
  isQuiet: () => false,
  isDisabled: (element: Element) => (element as unknown as Control).isDisabled,
  async until<T>(check: () => T | undefined | false, timeoutMs: number): Promise<T | undefined> {
    for (const giveUpAt = Date.now() + timeoutMs; ;) {
      const value = check();
      if (value) return value;
      if (Date.now() >= giveUpAt) return undefined;
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
  },
};
const ensure = createEnsure(dom);

/** A page with one control, which an effect may replace. */
function page(isThere = true) {
  const state = {
    control: isThere ? { isDisabled: false, presses: 0 } : undefined,
    presses: 0,
    isOn: false,
    onPress: (): void => undefined,
  };
  const step: Step = {
    what: 'switch',
    isTrue: () => state.isOn,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a plain object plays the element
    target: () => state.control as unknown as HTMLElement | undefined,
    act() {
      state.presses++;
      state.onPress();
    },
    timeoutMs: 5000, // long enough for a busy machine
  };
  return { state, step };
}

const later = (act: () => void): void => void setTimeout(act, 10);

describe('ensure', () => {
  it('does nothing where the step is true already', async () => {
    const { state, step } = page();
    state.isOn = true;
    await expect(ensure(step)).resolves.toBeUndefined();
    expect(state.presses).toBe(0);
  });

  it('acts at once where it can, and waits for a late effect', async () => {
    const { state, step } = page();
    state.onPress = () => later(() => (state.isOn = true));
    await expect(ensure(step)).resolves.toBeUndefined();
    expect(state.presses).toBe(1);
  });

  it('waits for a control that comes, or is enabled, after what unlocks it', async () => {
    const { state, step } = page(false);
    state.onPress = () => (state.isOn = true);
    later(() => {
      state.control = { isDisabled: true, presses: 0 };
      later(() => (state.control = { isDisabled: false, presses: 0 }));
    });
    await expect(ensure(step)).resolves.toBeUndefined();
  });

  it('says what it was that never came, stayed disabled, or did not follow', async () => {
    const { state, step } = page(false);
    const brief = { ...step, timeoutMs: 20 };
    await expect(ensure(brief)).resolves.toEqual({ kind: 'missing', detail: 'switch' });
    state.control = { isDisabled: true, presses: 0 };
    await expect(ensure(brief)).resolves.toEqual({ kind: 'disabled', detail: 'switch' });
    state.control = { isDisabled: false, presses: 0 };
    await expect(ensure(brief)).resolves.toEqual({ kind: 'unmoved', detail: 'switch' });
    expect(state.presses).toBe(1);
  });

  it('acts again, where that does no harm, when the page lost the first time', async () => {
    const { state, step } = page();
    state.onPress = () => {
      if (state.presses === 2) state.isOn = true;
    };
    await expect(ensure({ ...step, timeoutMs: 40, isRepeatable: true })).resolves.toBeUndefined();
  });

  it('makes nobody wait on a page that has been prompt, and as long as it takes on a late one', async () => {
    const own = createEnsure(dom);
    const { state, step } = page();
    state.onPress = () => (state.isOn = true);
    await own(step);
    expect(own.settleMs()).toBeLessThan(150);
    state.isOn = false;
    state.onPress = () => void setTimeout(() => (state.isOn = true), 80);
    await own(step);
    expect(own.settleMs()).toBeGreaterThanOrEqual(150);
    expect(own.settleMs()).toBeLessThanOrEqual(400);
  });
});
