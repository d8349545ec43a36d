/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type NumberName, type PanelState, type ToggleName } from '../panel-state.ts';
import { type Dom } from './dom.ts';
import { type Ensure, type Outcome } from './ensure.ts';
import { type SystemCard } from './system-card.ts';

/** The run-settings panel and its plain controls (page.md §6). */
export interface Panel {
  /** Shows the panel with all its groups unfolded; false when it does not come. */
  open(timeoutMs: number): Promise<boolean>;
  /** Folds the panel away; false when it stays. */
  close(timeoutMs: number): Promise<boolean>;
  read(): PanelState;
  /** The same, once these controls are there too, or after `timeoutMs`. Names as in `Difference`. */
  readWith(names: readonly string[], timeoutMs: number): Promise<PanelState>;
  setToggle(name: ToggleName, isOn: boolean): Promise<Outcome>;
  setNumber(name: NumberName, value: number): Promise<Outcome>;
  setStop(sequences: readonly string[]): Promise<Outcome>;
  setLevel(level: string): Promise<Outcome>;
}

/** Makes a {@link Panel}. Runs in the page: refers to nothing outside itself. */
export function createPanel(
  dom: Dom,
  ensure: Ensure,
  systemCard: Pick<SystemCard, 'hasText'>,
  numberNames: readonly NumberName[],
  toggleNames: readonly ToggleName[],
): Panel {
  /** Longest time until a control can be used, or follows, animation included (page.md §11), ms. */
  const SETTLE_MS = 3000;
  /** Longest time for a closed list to be gone, ms. */
  const CLOSED_MS = 500;

  const SIGNS = ['modelTrigger', 'systemCard', 'temperature', 'stopInput', 'googleSearch'] as const;

  const field = (name: NumberName | 'stopInput'): HTMLInputElement | undefined => {
    const found = dom.find(name);
    return found instanceof HTMLInputElement ? found : undefined;
  };
  const limit = (text: string | null): number | undefined =>
    text === null || text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);

  /** What a chip says: in the label of its button where that says it, else beside the button. */
  const chipText = (remove: HTMLElement): string => {
    const [label, said = ''] =
      /^remove (.*)$/is.exec(remove.getAttribute('aria-label') ?? '') ?? [];
    if (label !== undefined) return said;
    let host = remove.parentElement;
    for (let level = 0; host && level < 3; level++, host = host.parentElement) {
      const shown = document.importNode(host, true);
      for (const button of shown.querySelectorAll('button, [role="button"]')) button.remove();
      const text = dom.textOf(shown);
      if (text !== '') return text;
    }
    return '';
  };

  const chips = (): { remove: HTMLElement; text: string }[] =>
    dom.findAll('stopRemove').map((remove) => ({ remove, text: chipText(remove) }));

  const levelShown = (): string | undefined => {
    const select = dom.find('thinkingLevel');
    const shown = select?.querySelector('.mat-mdc-select-value-text') ?? select;
    return shown ? dom.textOf(shown).toLowerCase() : undefined;
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
    const found = toggleNames.map((name) => dom.find(name));
    for (const [index, name] of toggleNames.entries()) {
      const toggle = found[index];
      // One that goes by several names is none of them for certain.
      const isSure = found.filter((other) => other === toggle).length === 1;
      if (toggle && isSure)
        toggles[name] = { isOn: dom.isOn(toggle), isDisabled: dom.isDisabled(toggle) };
    }
    const modelName = dom.find('modelName');
    const modelTitle = dom.find('modelTitle');
    const level = levelShown();
    const system = systemCard.hasText();
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

  /** The panel is there by its own sign, or by the settings that stand in it. */
  const isPanelThere = (): boolean => {
    if (dom.find('runSettings')) return true;
    const inside = SIGNS.filter((name) => dom.find(name) !== undefined);
    return inside.length >= 2;
  };

  const isShown = (name: string): boolean => {
    const { numbers, toggles, thinkingLevel, stop, hasSystem: system } = read();
    const others: Record<string, unknown> = { thinking: thinkingLevel, stop, system };
    return name in numbers || name in toggles || others[name] !== undefined;
  };

  type Group = 'expandTools' | 'expandAdvanced';
  /** What shows that a group is unfolded, whatever its own sign is. */
  const CONTENTS = {
    expandTools: ['googleSearch', 'codeExecution', 'functionCalling', 'urlContext'],
    expandAdvanced: ['stopInput', 'maxOutputTokens', 'topP'],
  } as const;
  /** Groups in which a model has nothing: they are not unfolded again for it. */
  const empty = new Set<string>();

  const saysOpen = (button: HTMLElement): boolean =>
    button.getAttribute('aria-expanded') === 'true' ||
    button.parentElement?.parentElement?.classList.contains('expanded') === true;

  const unfold = async (name: Group): Promise<void> => {
    const isOpen = (): boolean => CONTENTS[name].some((inside) => dom.find(inside) !== undefined);
    const model = dom.find('modelName') ?? dom.find('modelTitle');
    const key = `${name} ${model ? dom.textOf(model) : ''}`;
    const button = dom.find(name);
    if (!button || isOpen() || saysOpen(button) || empty.has(key)) return;
    const saysFolded = button.getAttribute('aria-expanded') === 'false';
    if (!saysFolded && (await dom.until(isOpen, CLOSED_MS))) return;
    const act = (found: HTMLElement): void => found.click();
    const failed = await ensure({
      what: name,
      isTrue: isOpen,
      target: () => dom.find(name),
      act,
      timeoutMs: SETTLE_MS / 2,
    });
    if (failed?.kind !== 'unmoved') return;
    empty.add(key);
    dom.find(name)?.click(); // as it was before
  };

  return {
    async open(timeoutMs) {
      const failed = await ensure({
        what: 'runSettings',
        isTrue: isPanelThere,
        target: () => dom.find('openRunSettings'),
        act: (button) => button.click(),
        timeoutMs,
      });
      if (failed) return false;
      await unfold('expandTools');
      await unfold('expandAdvanced');
      return true;
    },
    async close(timeoutMs) {
      const failed = await ensure({
        what: 'closeRunSettings',
        isTrue: () => !isPanelThere(),
        target: () => dom.find('closeRunSettings'),
        act: (button) => button.click(),
        timeoutMs,
      });
      return !failed;
    },
    read,
    async readWith(names, timeoutMs) {
      await dom.until(() => names.every(isShown), timeoutMs);
      return read();
    },
    setToggle: (name, wanted) =>
      ensure({
        what: name,
        isTrue: () => dom.find(name) !== undefined && dom.isOn(dom.find(name)) === wanted,
        target: () => dom.find(name),
        act: (toggle) => toggle.click(),
        timeoutMs: SETTLE_MS,
      }),
    async setNumber(name, value) {
      const outcome = await ensure({
        what: name,
        isTrue: () => field(name)?.value !== '' && Number(field(name)?.value) === value,
        target: () => field(name),
        act(input) {
          dom.fill(input, String(value));
          dom.press(input, 'Enter');
          input.blur();
        },
        timeoutMs: SETTLE_MS,
        isRepeatable: true,
      });
      if (outcome?.kind !== 'unmoved') return outcome;
      return { kind: 'unmoved', detail: `${name}: ${field(name)?.value ?? ''}` };
    },
    async setStop(sequences) {
      for (let before = chips().length; before > 0; before = chips().length) {
        const outcome = await ensure({
          what: 'stopRemove',
          isTrue: () => chips().length < before,
          target: () => chips()[0]?.remove,
          act: (remove) => remove.click(),
          timeoutMs: SETTLE_MS,
        });
        if (outcome) return outcome;
      }
      for (const [index, sequence] of sequences.entries()) {
        const outcome = await ensure({
          what: 'stopInput',
          isTrue: () => chips().length > index,
          target: () => field('stopInput'),
          act(input) {
            dom.fill(input, sequence);
            dom.press(input, 'Enter');
          },
          timeoutMs: SETTLE_MS,
        });
        if (outcome) return outcome;
      }
      return undefined;
    },
    async setLevel(level) {
      const what = `level ${level}`;
      const option = (): HTMLElement | undefined =>
        dom.findAll('selectOption').find((shown) => dom.textOf(shown).toLowerCase() === level);
      if (levelShown() === level) return undefined;
      const closed = await ensure({
        what: 'thinkingLevel',
        isTrue: () => dom.find('selectOption') !== undefined,
        target: () => dom.find('thinkingLevel'),
        act: (select) =>
          (select.querySelector<HTMLElement>('.mat-mdc-select-trigger') ?? select).click(),
        timeoutMs: SETTLE_MS,
        isRepeatable: true,
      });
      if (closed) return closed;
      const outcome = await ensure({
        what,
        isTrue: () => levelShown() === level,
        target: option,
        act: (found) => found.click(),
        timeoutMs: SETTLE_MS / 2,
      });
      const isClosed = (): boolean => !dom.find('selectOption');
      const select = dom.find('thinkingLevel');
      if (!(await dom.until(isClosed, outcome ? 0 : CLOSED_MS)) && select) {
        dom.press(select, 'Escape');
      }
      return outcome?.kind === 'missing' ? { kind: 'unlisted', detail: what } : outcome;
    },
  };
}
