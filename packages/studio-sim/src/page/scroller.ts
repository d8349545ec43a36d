import { h } from './dom.ts';
import { type Turn } from './turns.ts';

/** Shows turns in a column that keeps only those in view in the document (page.md §5). */
export interface Scroller {
  readonly element: HTMLElement;
  /** Buttons that jump to the turns. */
  readonly jumpList: HTMLElement;
  add(turn: Turn): void;
  remove(turn: Turn): void;
  /** Puts a turn's new host in the place of the old one. */
  replace(old: HTMLElement, fresh: HTMLElement): void;
}

/** How near the bottom counts as being there, px. */
const NEAR = 40;

/** An empty column. It follows what is added as long as one looks at its end. */
export function createScroller(): Scroller {
  const turns = new Map<Element, Turn>();
  const element = h('ms-autoscroll-container');
  const jumps = h('div.jumps');
  let isAtEnd = true;
  let last: Turn | undefined;

  const toEnd = (): void => {
    if (isAtEnd) element.scrollTop = element.scrollHeight;
  };
  element.addEventListener('scroll', () => {
    isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR;
  });
  const sizes = new ResizeObserver(toEnd);
  const views = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const turn = turns.get(target);
        turn?.setVisible(isIntersecting || turn === last);
      }
    },
    { root: element, rootMargin: '50% 0px' },
  );
  const watchLast = (): void => {
    const newest = [...turns.values()].at(-1);
    if (newest === last) return;
    sizes.disconnect();
    last = newest;
    if (last) sizes.observe(last.element);
    last?.setVisible(true);
    toEnd();
  };

  return {
    element,
    jumpList: h('ms-items-scrollbar[aria-label="Conversation turn navigation"]', {}, jumps),
    add(turn) {
      const { id } = turn.element;
      turns.set(turn.element, turn);
      isAtEnd = true;
      element.append(turn.element);
      jumps.append(
        h('button', {
          'aria-controls': id,
          'data-test-item-id': id,
          'aria-label': 'Jump to turn',
          onClick: () => turn.element.scrollIntoView(),
        }),
      );
      views.observe(turn.element);
      watchLast();
    },
    remove(turn) {
      views.unobserve(turn.element);
      turns.delete(turn.element);
      turn.element.remove();
      jumps.querySelector(`[aria-controls="${turn.element.id}"]`)?.remove();
      watchLast();
    },
    replace(old, fresh) {
      const turn = turns.get(old);
      if (!turn) return;
      const entries = [...turns].map(
        ([host, each]) => [host === old ? fresh : host, each] as const,
      );
      turns.clear();
      for (const [host, each] of entries) turns.set(host, each);
      views.unobserve(old);
      old.replaceWith(fresh);
      views.observe(fresh);
      if (turn !== last) return;
      sizes.disconnect();
      sizes.observe(fresh);
      toEnd();
    },
  };
}
