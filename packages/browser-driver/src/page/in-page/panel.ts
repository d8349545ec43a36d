/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type NumberName, type PanelState, type ToggleName } from '../panel-state.ts';
import { type Dom } from './dom.ts';

/** What a change on the page came to: nothing to say, or why not. */
export type Outcome =
  | { readonly kind: 'missing' | 'disabled' | 'unmoved' | 'rejected'; readonly detail: string }
  | undefined;

/** The run-settings panel and its plain controls (page.md §6). */
export interface Panel {
  /** Shows the panel with all its groups unfolded; false when it does not come. */
  open(timeoutMs: number): Promise<boolean>;
  /** Folds the panel away; false when it stays. */
  close(timeoutMs: number): Promise<boolean>;
  read(): PanelState;
  setToggle(name: ToggleName, isOn: boolean): Promise<Outcome>;
  setNumber(name: NumberName, value: number): Promise<Outcome>;
  setStop(sequences: readonly string[]): Promise<Outcome>;
  setLevel(level: string): Promise<Outcome>;
}

/** Makes a {@link Panel}. Runs in the page: refers to nothing outside itself. */
export function createPanel(
  dom: Dom,
  numberNames: readonly NumberName[],
  toggleNames: readonly ToggleName[],
): Panel {
  /** Longest time a control takes to follow, animation included (page.md §11), ms. */
  const SETTLE_MS = 2000;

  const missing = (detail: string): Outcome => ({ kind: 'missing', detail });
  const field = (name: NumberName | 'stopInput'): HTMLInputElement | undefined => {
    const found = dom.find(name);
    return found instanceof HTMLInputElement ? found : undefined;
  };
  const isOn = (toggle: Element): boolean => toggle.getAttribute('aria-checked') === 'true';
  const limit = (text: string | null): number | undefined =>
    text === null || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);

  const chips = (): { remove: HTMLElement; text: string }[] =>
    dom.findAll('stopRemove').map((remove) => ({
      remove,
      text: (remove.getAttribute('aria-label') ?? '').replace(/^remove /i, ''),
    }));

  const levelShown = (): string | undefined => {
    const select = dom.find('thinkingLevel');
    const shown = select?.querySelector('.mat-mdc-select-value-text') ?? select;
    return shown ? dom.textOf(shown).toLowerCase() : undefined;
  };

  const hasSystem = (): boolean | undefined => {
    const inline = dom.find('systemInput');
    if (inline instanceof HTMLTextAreaElement) return inline.value !== '';
    const card = dom.find('systemCard');
    if (!card) return undefined;
    const shown = dom
      .textOf(card)
      .replace(/^system instructions/i, '')
      .trim();
    return shown !== '' && !/^optional tone/i.test(shown);
  };

  const read = (): PanelState => {
    const numbers: PanelState['numbers'] = {};
    for (const name of numberNames) {
      const input = field(name);
      if (!input || input.value === '') continue;
      const min = limit(input.min || input.getAttribute('aria-valuemin'));
      const max = limit(input.max || input.getAttribute('aria-valuemax'));
      numbers[name] = {
        value: Number(input.value),
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
      };
    }
    const toggles: PanelState['toggles'] = {};
    for (const name of toggleNames) {
      const toggle = dom.find(name);
      if (toggle) toggles[name] = { isOn: isOn(toggle), isDisabled: dom.isDisabled(toggle) };
    }
    const modelName = dom.find('modelName');
    const modelTitle = dom.find('modelTitle');
    const level = levelShown();
    const system = hasSystem();
    return {
      ...(modelName ? { modelId: dom.textOf(modelName).replace(/^models\//, '') } : {}),
      ...(modelTitle ? { modelTitle: dom.textOf(modelTitle) } : {}),
      numbers,
      toggles,
      ...(level === undefined ? {} : { thinkingLevel: level }),
      ...(dom.find('stopInput') ? { stop: chips().map(({ text }) => text) } : {}),
      ...(system === undefined ? {} : { hasSystem: system }),
    };
  };

  const unfold = async (name: 'expandTools' | 'expandAdvanced'): Promise<void> => {
    const isFolded = (): boolean => {
      const button = dom.find(name);
      if (!button || button.getAttribute('aria-expanded') === 'true') return false;
      if (button.parentElement?.parentElement?.classList.contains('expanded')) return false;
      return (
        button.getAttribute('aria-expanded') === 'false' ||
        /expand_more/.test(button.textContent ?? '')
      );
    };
    if (!isFolded()) return;
    dom.find(name)?.click();
    await dom.until(() => !isFolded(), SETTLE_MS);
  };

  return {
    async open(timeoutMs) {
      if (!dom.find('runSettings')) dom.find('openRunSettings')?.click();
      const shown = await dom.until(() => dom.find('runSettings'), timeoutMs);
      if (!shown) return false;
      await unfold('expandTools');
      await unfold('expandAdvanced');
      return true;
    },
    async close(timeoutMs) {
      dom.find('closeRunSettings')?.click();
      return (await dom.until(() => !dom.find('runSettings'), timeoutMs)) === true;
    },
    read,
    async setToggle(name, wanted) {
      const toggle = dom.find(name);
      if (!toggle) return missing(name);
      if (isOn(toggle) === wanted) return undefined;
      if (dom.isDisabled(toggle)) return { kind: 'disabled', detail: name };
      toggle.click();
      const moved = await dom.until(() => {
        const now = dom.find(name);
        return now && isOn(now) === wanted;
      }, SETTLE_MS);
      return moved ? undefined : { kind: 'unmoved', detail: name };
    },
    async setNumber(name, value) {
      const input = field(name);
      if (!input) return missing(name);
      if (dom.isDisabled(input)) return { kind: 'disabled', detail: name };
      dom.fill(input, String(value));
      dom.press(input, 'Enter');
      input.blur();
      const held = await dom.until(() => Number(field(name)?.value) === value, SETTLE_MS);
      return held ? undefined : { kind: 'unmoved', detail: `${name}: ${field(name)?.value ?? ''}` };
    },
    async setStop(sequences) {
      for (let left = chips(); left.length > 0; left = chips()) {
        const before = left.length;
        left[0]?.remove.click();
        if (!(await dom.until(() => chips().length < before, SETTLE_MS))) {
          return { kind: 'unmoved', detail: 'stopRemove' };
        }
      }
      for (const [index, sequence] of sequences.entries()) {
        const input = field('stopInput');
        if (!input) return missing('stopInput');
        dom.fill(input, sequence);
        dom.press(input, 'Enter');
        if (!(await dom.until(() => chips().length > index, SETTLE_MS))) {
          return { kind: 'unmoved', detail: 'stopInput' };
        }
      }
      return undefined;
    },
    async setLevel(level) {
      const select = dom.find('thinkingLevel');
      if (!select) return missing('thinkingLevel');
      if (levelShown() === level) return undefined;
      (select.querySelector<HTMLElement>('.mat-mdc-select-trigger') ?? select).click();
      const option = await dom.until(
        () =>
          dom.findAll('selectOption').find((shown) => dom.textOf(shown).toLowerCase() === level),
        SETTLE_MS,
      );
      option?.click();
      const moved = option && (await dom.until(() => levelShown() === level, SETTLE_MS));
      if (dom.find('selectOption')) dom.press(select, 'Escape');
      return moved ? undefined : { kind: option ? 'unmoved' : 'missing', detail: `level ${level}` };
    },
  };
}
