import { describe, expect, it } from '@jest/globals';

import { requireDisplay } from './display.ts';

describe('requireDisplay', () => {
  it('says how to do without where there is no display', () => {
    expect(() => requireDisplay({}, 'linux', 'Do this.')).toThrow(/no display.*Do this\./);
  });

  it('is content with X, Wayland, and systems that always have one', () => {
    expect(() => requireDisplay({ DISPLAY: ':0' }, 'linux', '')).not.toThrow();
    expect(() => requireDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', '')).not.toThrow();
    expect(() => requireDisplay({}, 'darwin', '')).not.toThrow();
  });
});
