import { button, h, setAttribute } from './dom.ts';
import { type Effects } from './effects.ts';

/** A Material slide toggle (page.md §6.5). */
export interface SlideToggle {
  readonly element: HTMLElement;
  show(isOn: boolean, isDisabled?: boolean): void;
}

let made = 0;

/**
 * Makes a toggle: it shows what was chosen at once, and what it switches follows. `mark` is the
 * toggle's own, `buttonMark` that of the switch inside.
 */
export function createSlideToggle(
  effects: Effects,
  mark: string,
  buttonMark: string,
  onChange: (isOn: boolean) => void,
): SlideToggle {
  let isShownOn = false;
  const id = `mat-mdc-slide-toggle-${made}`;
  made += 1;
  const press = (): void => {
    const isOn = !isShownOn;
    showState(isOn);
    effects.after(() => onChange(isOn));
  };
  const control = button(
    buttonMark,
    { type: 'button', role: 'switch', id: `${id}-button`, tabindex: 0, onClick: press },
    h('div.mat-mdc-slide-toggle-touch-target'),
    h('span.mdc-switch__track'),
    h(
      'span.mdc-switch__handle-track',
      {},
      h('span.mdc-switch__handle', {}, h('span.mdc-switch__icons')),
    ),
  );
  control.classList.add('mdc-switch');
  const label = h('label.mdc-label', { for: `${id}-button`, id: `${id}-label` });
  const element = h(
    mark,
    { id },
    h('div.mdc-form-field.mat-internal-form-field[mat-internal-form-field]', {}, control, label),
  );
  element.classList.add('mat-mdc-slide-toggle', 'mat-accent');

  const showState = (isOn: boolean): void => {
    isShownOn = isOn;
    setAttribute(control, 'aria-checked', String(isOn));
    element.classList.toggle('mat-mdc-slide-toggle-checked', isOn);
    control.classList.toggle('mdc-switch--selected', isOn);
    control.classList.toggle('mdc-switch--checked', isOn);
    control.classList.toggle('mdc-switch--unselected', !isOn);
  };
  return {
    element,
    show(isOn, isDisabled = false) {
      showState(isOn);
      control.disabled = isDisabled;
      control.tabIndex = isDisabled ? -1 : 0;
      control.classList.toggle('mdc-switch--disabled', isDisabled);
    },
  };
}
