import { type Child, field, h, type Properties, setAttribute } from './dom.ts';

/** A number the user may set, and how. */
export interface NumberControl {
  /** The number box. */
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  /** Shows a value that came from elsewhere. */
  show(value: number | undefined): void;
}

/** Limits of a number control. */
export interface Limits {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/**
 * A number box that takes what is typed while it is in range, and puts the rest right when the user
 * is done (change, Enter or blur), as the page's own do.
 */
export function numberBox(
  mark: string,
  properties: Properties,
  limits: () => Limits,
  onValue: (value: number) => void,
): NumberControl {
  let shown: number | undefined;
  const input = field(mark, properties);
  const show = (value: number | undefined): void => {
    shown = value;
    const text = value === undefined ? '' : String(value);
    if (input.value !== text && Number(input.value || Number.NaN) !== value) input.value = text;
    const { min, max } = limits();
    setAttribute(input, 'min', min);
    setAttribute(input, 'max', max);
  };
  const read = (): number | undefined => {
    const { min, max, isWhole } = limits();
    const number = Number(input.value);
    if (input.value.trim() === '' || Number.isNaN(number)) return undefined;
    const clamped = Math.min(Math.max(number, min), max);
    return isWhole ? Math.round(clamped) : clamped;
  };
  const commit = (): void => {
    const value = read() ?? shown;
    if (value === undefined) return;
    input.value = String(value);
    if (value !== shown) onValue(value);
  };
  input.addEventListener('input', () => {
    const value = read();
    if (value === undefined || value !== Number(input.value)) return;
    shown = value;
    onValue(value);
  });
  input.addEventListener('change', commit);
  input.addEventListener('blur', commit);
  input.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent && event.key === 'Enter') commit();
  });
  return { input, show };
}

/** A slider with its number twin (page.md §6.3). */
export function sliderControl(
  name: string,
  limits: () => Limits,
  step: number,
  onValue: (value: number) => void,
): { readonly element: HTMLElement; show(value: number | undefined): void } {
  const number = numberBox(
    'input.slider-number-input[type="number"]',
    { step, 'aria-label': name },
    limits,
    onValue,
  );
  const range = h('input.mdc-slider__input[type="range"]', {
    step,
    'aria-label': `${name} slider`,
  });
  range.addEventListener('input', () => {
    number.show(Number(range.value));
    onValue(Number(range.value));
  });
  return {
    element: h('ms-slider', { title: name }, h('mat-slider.mdc-slider', {}, range), number.input),
    show(value) {
      const { min, max } = limits();
      for (const input of [number.input, range]) {
        setAttribute(input, 'min', min);
        setAttribute(input, 'max', max);
        setAttribute(input, 'aria-valuemin', min);
        setAttribute(input, 'aria-valuemax', max);
      }
      number.show(value);
      range.value = String(value ?? min);
    },
  };
}

/** A row of the panel: title and controls. */
export function settingRow(mark: string, title: string, ...children: Child[]): HTMLElement {
  const row = h(
    mark,
    {},
    h(
      'div.item-about.item-about-no-icon',
      {},
      h('div.item-description', {}, h('h3.item-description-title', {}, title)),
    ),
    h('div.item-input-form-field.form-field-density--4', {}, ...children),
  );
  row.classList.add('mat-mdc-tooltip-trigger');
  return row;
}
