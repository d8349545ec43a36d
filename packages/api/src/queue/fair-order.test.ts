import { describe, expect, it } from '@jest/globals';

import { type KeyPriority } from '../keys/caller.ts';
import { hasRoom, type Placed, toOrder } from './fair-order.ts';

/** One page and its queue: prompts enter, and the first of them runs as soon as it may. */
class Line {
  running: (Placed & { name: string })[] = [];
  waiting: (Placed & { name: string })[] = [];
  readonly began: string[] = [];

  enter(
    name: string,
    owner: string,
    extra: Partial<Placed & { priority: KeyPriority }> = {},
  ): void {
    const { isBackground = false, priority = 'normal' } = extra;
    const order = toOrder(this.running, this.waiting, { owner, isBackground, priority });
    this.waiting.push({ name, owner, isBackground, order });
    this.waiting.sort((one, other) => one.order - other.order); // stable: equal ones as they came
    if (this.running.length === 0) this.next();
  }

  next(): string {
    this.running = this.waiting.splice(0, 1);
    const name = this.running[0]?.name ?? '';
    if (name !== '') this.began.push(name);
    return name;
  }

  /** Ends what runs until nothing is left, and gives the order in which all of them began. */
  drain(): string[] {
    while (this.next() !== '');
    return this.began;
  }
}

const times = (count: number, act: (index: number) => void): void => {
  for (let index = 0; index < count; index++) act(index);
};

describe('toOrder', () => {
  it('serves one key as its prompts come, whatever runs meanwhile', () => {
    const line = new Line();
    times(5, (index) => line.enter(`a${index}`, 'a'));
    line.next();
    times(5, (index) => line.enter(`a${index + 5}`, 'a'));
    expect(line.drain()).toEqual(Array.from({ length: 10 }, (_, index) => `a${index}`));
  });

  it('lets a key that asks for little in after one prompt of a key that floods', () => {
    const line = new Line();
    times(50, (index) => line.enter(`a${index}`, 'a'));
    line.enter('b0', 'b');
    line.enter('b1', 'b');
    expect(line.drain().slice(0, 5)).toEqual(['a0', 'a1', 'b0', 'a2', 'b1']);
  });

  it('never starves the key that flooded by one that always asks for one more', () => {
    const line = new Line();
    times(20, (index) => line.enter(`a${index}`, 'a'));
    times(20, (index) => {
      line.enter(`b${index}`, 'b');
      line.next();
    });
    expect(line.began.filter((name) => name.startsWith('a')).length).toBeGreaterThanOrEqual(10);
  });

  it('serves a high key four times as often as a normal one, and that as often as a low one', () => {
    const line = new Line();
    line.enter('first', 'other');
    for (const priority of ['low', 'normal', 'high'] as const) {
      times(100, () => line.enter(priority, priority, { priority }));
    }
    const began = line.drain().slice(1, 106);
    const count = (name: string): number => began.filter((one) => one === name).length;
    expect([count('high'), count('normal'), count('low')]).toEqual([80, 20, 5]);
  });

  it('runs a background prompt after all real ones of its key, also those of other keys', () => {
    const line = new Line();
    line.enter('a0', 'a');
    line.enter('title', 'a', { isBackground: true });
    line.enter('tags', 'a', { isBackground: true });
    times(3, (index) => line.enter(`a${index + 1}`, 'a'));
    line.enter('b0', 'b');
    expect(line.drain()).toEqual(['a0', 'a1', 'b0', 'a2', 'a3', 'title', 'tags']);
  });

  it('never starves a background prompt: after eight later ones it has its turn', () => {
    const line = new Line();
    line.enter('a0', 'a');
    line.enter('title', 'a', { isBackground: true });
    times(20, (index) => {
      line.enter(`a${index + 1}`, 'a');
      line.enter(`b${index}`, 'b');
      line.next();
    });
    expect(line.began.indexOf('title')).toBeGreaterThan(8);
    expect(line.began.indexOf('title')).toBeLessThanOrEqual(20);
  });

  it('stays within what the queue can count', () => {
    const placed = { owner: 'a', isBackground: false, order: 2 ** 21 - 2 };
    const newcomer = { owner: 'a', isBackground: false, priority: 'normal' as const };
    expect(toOrder([placed], [], newcomer)).toBe(2 ** 21 - 1);
    expect(toOrder([], [], newcomer)).toBeGreaterThan(0); // 0 is "before all others" to BullMQ
  });
});

describe('hasRoom', () => {
  const waiting = (counts: Record<string, number>): Placed[] =>
    Object.entries(counts).flatMap(([owner, count]) =>
      Array.from({ length: count }, () => ({ owner, isBackground: false, order: 1 })),
    );

  it('is over for a key alone at the limit', () => {
    expect(hasRoom(waiting({ a: 9 }), 'a', 10)).toBe(true);
    expect(hasRoom(waiting({ a: 10 }), 'a', 10)).toBe(false);
  });

  it('is left for other keys up to their equal share of a queue that one has filled', () => {
    expect(hasRoom(waiting({ a: 10 }), 'b', 10)).toBe(true);
    expect(hasRoom(waiting({ a: 10, b: 4 }), 'b', 10)).toBe(true);
    expect(hasRoom(waiting({ a: 10, b: 5 }), 'b', 10)).toBe(false);
    expect(hasRoom(waiting({ a: 10, b: 5 }), 'c', 10)).toBe(true);
    expect(hasRoom(waiting({ a: 10, b: 5 }), 'a', 10)).toBe(false);
    const crowd = Object.fromEntries(Array.from({ length: 12 }, (_, key) => [`key-${key}`, 1]));
    expect(hasRoom(waiting(crowd), 'newcomer', 10)).toBe(true);
    expect(hasRoom(waiting(crowd), 'key-0', 10)).toBe(false);
  });
});
