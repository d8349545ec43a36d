import { describe, expect, it } from '@jest/globals';

import { DEFAULT_OPTIONS } from './options.ts';
import { createSwitches, SwitchChange } from './switches.ts';

describe('switches', () => {
  it('count down a fault that is on for some occasions', () => {
    const switches = createSwitches(DEFAULT_OPTIONS);
    switches.change(SwitchChange.parse({ quota: 2, overloaded: true }));
    expect([1, 2, 3].map(() => switches.take('quota'))).toEqual([true, true, false]);
    expect([1, 2, 3].map(() => switches.take('overloaded'))).toEqual([true, true, true]);
  });

  it('change what is named and leave the rest', () => {
    const switches = createSwitches(DEFAULT_OPTIONS);
    const versions: number[] = [];
    switches.onChange(({ version }) => versions.push(version));
    switches.change({ 'run-disabled': true, bodyMode: 'fetch-stream' });
    switches.change({ quota: true, 'run-disabled': false });
    expect(switches.state.faults).toEqual({ quota: true });
    expect(switches.options).toEqual({ ...DEFAULT_OPTIONS, bodyMode: 'fetch-stream' });
    switches.reset();
    expect(switches.state).toEqual({ version: 4, faults: {}, options: DEFAULT_OPTIONS });
    expect(versions).toEqual([2, 3, 4]);
  });

  it('refuse names and values that do not exist', () => {
    expect(SwitchChange.safeParse({ 'no-such-fault': true }).success).toBe(false);
    expect(SwitchChange.safeParse({ variant: 'u9' }).success).toBe(false);
  });
});
