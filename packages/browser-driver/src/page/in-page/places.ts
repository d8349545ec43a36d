/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Naming } from './naming.ts';

/** By place: which of some elements stands there. */
export interface Places {
  /** The largest field that can be written into, in the lower half of the window (page.md §4). */
  prompt(fields: readonly HTMLElement[]): HTMLElement[];
  /** The button beside that field which sends what stands in it (page.md §4.1). */
  'beside prompt'(buttons: readonly HTMLElement[]): HTMLElement[];
  /** Those in the bar at the top of the chat (page.md §1). */
  top(elements: readonly HTMLElement[]): HTMLElement[];
  /** Those on the right, where the run settings are, and in no dialog (page.md §6). */
  right(elements: readonly HTMLElement[]): HTMLElement[];
}

/** Makes {@link Places}. Runs in the page: refers to nothing outside itself. */
export function createPlaces({ nameOf, iconOf }: Naming): Places {
  const FIELDS = 'textarea, [contenteditable="true"], [role="textbox"]';
  const DIALOGS = 'mat-dialog-container, [role="dialog"], dialog, [aria-modal="true"]';
  /** How far up a field and the button that sends it meet. */
  const MAX_LEVELS = 7;
  /** Height of the bar at the top, CSS pixels. */
  const TOP = 120;
  /** Where the run settings begin, as a share of the window. */
  const RIGHT = 0.7;

  const area = (element: Element): number => {
    const { width, height } = element.getBoundingClientRect();
    return width * height;
  };

  const isPrompt = (field: HTMLElement): boolean => {
    const { top, height, width } = field.getBoundingClientRect();
    const isLow = top + height / 2 > innerHeight / 2 && top < innerHeight;
    const isSettled = field.hasAttribute('readonly') || field.hasAttribute('disabled');
    return isLow && !isSettled && width > innerWidth / 5 && !field.closest(DIALOGS);
  };

  const prompt: Places['prompt'] = (fields) =>
    fields
      .filter(isPrompt)
      .toSorted((one, other) => area(other) - area(one))
      .slice(0, 1);

  /** What speaks for a button being the one that sends: one sign is not enough for a click. */
  const signsOf = (button: HTMLElement): number => {
    if (button.hasAttribute('aria-haspopup') || button.hasAttribute('aria-expanded')) return 0;
    const signs = [
      /^(run|send|submit|stop|cancel generation)\b/i.test(nameOf(button)),
      /^(keyboard_return|send|arrow_upward|play_arrow|subdirectory_arrow_left|stop)/.test(
        iconOf(button),
      ),
      /(^|[-_ ])(primary|submit|submits|run)([-_ ]|$)/.test(button.className),
      button.getAttribute('type') === 'submit',
      /(ctrl|cmd|⌘|⏎|↵|enter)\W*$/i.test(button.textContent ?? ''),
    ];
    return signs.filter(Boolean).length;
  };

  return {
    prompt,
    right: (elements) =>
      elements.filter((element) => {
        const { left, width } = element.getBoundingClientRect();
        const isRight = left + width / 2 > innerWidth * RIGHT;
        return width > 0 && isRight && !element.closest(`${DIALOGS}, .cdk-overlay-container`);
      }),
    'beside prompt'(buttons) {
      const fields = [...document.querySelectorAll<HTMLElement>(FIELDS)];
      const [field] = prompt(fields.filter((one) => one.checkVisibility()));
      let parent = field?.parentElement;
      for (let level = 0; parent && level < MAX_LEVELS; level++, parent = parent.parentElement) {
        const inside = buttons.filter((button) => parent?.contains(button));
        const [best] = inside.toSorted((one, other) => signsOf(other) - signsOf(one));
        if (best && signsOf(best) >= 2) return [best];
      }
      return [];
    },
    top: (elements) =>
      elements.filter((element) => {
        const { bottom, height } = element.getBoundingClientRect();
        return height > 0 && bottom < TOP;
      }),
  };
}
