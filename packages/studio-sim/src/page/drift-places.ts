import { type DriftNames } from '../drift/names.ts';

/** Where controls go that are no longer where they were. */
export interface HidingPlaces {
  /** The children that stay, in their order, with a button for those that do not. */
  place(
    parent: Element,
    children: readonly (Node | string)[],
    markOf: (element: Element) => string,
  ): (Node | string)[];
}

interface Popover {
  readonly opener: HTMLElement;
  readonly content: HTMLElement;
}

const CONTROLS = 'button, [role="button"], input, select, mat-select';
const MOST_CONTROLS = 4;
/** What nobody puts behind a button: the main action, and where the user writes. */
const PROMINENT = /ms-button-primary|run-button/;

/** Popovers for moved controls: one for each parent, open after a press of its button. */
export function createHidingPlaces(names: DriftNames): HidingPlaces {
  const popovers = new WeakMap<Element, Popover>();
  return {
    place(parent, children, markOf) {
      const moved = children.filter(
        (child): child is HTMLElement =>
          child instanceof HTMLElement && isMovable(child, markOf) && isMoved(names, markOf(child)),
      );
      if (moved.length === 0) return [...children];
      const rest = children.filter((child) => !moved.some((each) => each === child));
      const [first] = moved;
      const way = names.way(
        ['first', 'last', 'popover', 'popover'],
        'moved',
        markOf(first ?? parent),
      );
      if (way === 'first') return [...moved, ...rest];
      if (way === 'last') return [...rest, ...moved];
      const popover = popovers.get(parent) ?? createPopover();
      popovers.set(parent, popover);
      if (moved.some((child, index) => popover.content.children[index] !== child))
        popover.content.replaceChildren(...moved);
      return [...rest, popover.opener];
    },
  };
}

function isMoved(names: DriftNames, mark: string): boolean {
  return mark !== '' && names.isChosen('moved', mark);
}

function isMovable(element: HTMLElement, markOf: (element: Element) => string): boolean {
  const all = [element, ...element.querySelectorAll('*')];
  const controls = all.filter((each) => each.matches(CONTROLS));
  if (controls.length < 1 || controls.length > MOST_CONTROLS) return false;
  return !all.some((each) => each.matches('textarea') || PROMINENT.test(markOf(each)));
}

function createPopover(): Popover {
  const content = document.createElement('div');
  content.className = 'more-popover';
  content.setAttribute('role', 'dialog');
  content.setAttribute('aria-label', 'More');
  const opener = document.createElement('button');
  opener.type = 'button';
  opener.setAttribute('aria-haspopup', 'dialog');
  opener.setAttribute('aria-label', 'More');
  opener.textContent = '…';
  const close = (): void => content.remove();
  opener.addEventListener('click', (event) => {
    event.stopPropagation();
    if (content.isConnected) return close();
    document.body.append(content);
    const { left, bottom } = opener.getBoundingClientRect();
    const x = Math.max(8, Math.min(left, window.innerWidth - content.offsetWidth - 8));
    const y = Math.max(8, Math.min(bottom, window.innerHeight - content.offsetHeight - 8));
    Object.assign(content.style, { left: `${x}px`, top: `${y}px` });
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  document.addEventListener('mousedown', ({ target }) => {
    const isInside =
      target instanceof Node && (content.contains(target) || opener.contains(target));
    const isOverlay = target instanceof Element && target.closest('[class*="overlay"]') !== null;
    if (!isInside && !isOverlay) close();
  });
  return { opener, content };
}
