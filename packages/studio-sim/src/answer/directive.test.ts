import { describe, expect, it } from '@jest/globals';

import { findDirective } from './directive.ts';

describe('findDirective', () => {
  it('takes the last line that is one', () => {
    const text = 'intro\n@sim {"text":"first"}\n@sim {"text":"second","chunks":2}\nafterwards';
    expect(findDirective(text)).toEqual({ text: 'second', chunks: 2 });
  });

  it('ends lines at line feeds only', () => {
    expect(findDirective('@sim {"text":"a\u2028b"}')).toEqual({ text: 'a\u2028b' });
  });

  it('leaves lines alone that only talk about it', () => {
    expect(findDirective('say @sim {"text":"x"}\n@sim says nothing')).toBeUndefined();
  });

  it('refuses what it does not understand, and says why', () => {
    expect(() => findDirective('@sim {"text":')).toThrow('not JSON');
    expect(() => findDirective('@sim {"txt":"x"}')).toThrow('txt');
  });
});
