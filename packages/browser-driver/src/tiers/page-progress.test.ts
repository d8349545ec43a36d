import { describe, expect, it } from '@jest/globals';

import { type AnswerUpdate } from '../page/answer-view.ts';
import { PageProgress } from './page-progress.ts';

const update = (part: Partial<AnswerUpdate> = {}): AnswerUpdate => ({
  changes: [],
  isGenerating: false,
  hasEndMark: false,
  messages: { inTurn: [], elsewhere: [] },
  ...part,
});
const news = {
  changes: [{ index: 0, keep: 0, kind: 'text', text: 'a', isSource: true }],
} as const;

function start(): { progress: PageProgress; pass: (ms: number) => void } {
  let now = 0;
  const progress = new PageProgress(() => now);
  return { progress, pass: (ms) => void (now += ms) };
}

describe('PageProgress', () => {
  it('is not over before it has begun, however idle the page', () => {
    const { progress, pass } = start();
    pass(5000);
    progress.note(update(), false);
    expect(progress.overMs).toBeUndefined();
  });

  it('is over at once when an idle page has the marks of a finished answer', () => {
    const { progress, pass } = start();
    progress.note(update({ ...news, isGenerating: true }), false);
    expect(progress.overMs).toBeUndefined();
    progress.note(update({ hasEndMark: true }), false);
    pass(70);
    expect(progress.overMs).toBe(70);
  });

  it.each([
    ['idle', update()],
    [
      'still generating, with the marks of the end',
      update({ isGenerating: true, hasEndMark: true }),
    ],
  ])('waits for quiet on a page that is %s', (_, state) => {
    const { progress, pass } = start();
    progress.note(update(news), false);
    pass(999);
    progress.note(state, false);
    expect(progress.overMs).toBeUndefined();
    pass(1);
    progress.note(state, false);
    expect(progress.overMs).toBe(0);
  });

  it('is not over any more when it goes on', () => {
    const { progress, pass } = start();
    progress.note(update(news), false);
    pass(1500);
    progress.note(update(), false);
    expect(progress.overMs).toBe(0);
    progress.note(update({ ...news, isGenerating: true }), false);
    expect(progress.overMs).toBeUndefined();
  });

  it('is over when the page says that it failed', () => {
    const { progress } = start();
    progress.note(update({ isGenerating: true }), true);
    expect(progress.overMs).toBe(0);
  });
});
