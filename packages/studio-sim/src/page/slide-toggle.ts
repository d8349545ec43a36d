import { button, delay, h, setAttribute } from './dom.ts';
import { type Live } from './live.ts';

/** A Material slide toggle (page.md §6.5). */
export interface SlideToggle {
  readonly element: HTMLElement;
  show(isOn: boolean, isDisabled?: boolean): void;
}

/** Makes a toggle. `mark` is the toggle's own, `buttonMark` that of the switch inside. */
export function createSlideToggle(
  live: Live,
  mark: string,
  buttonMark: string,
  label: string,
  onChange: (isOn: boolean) => void,
): SlideToggle {
  let isShownOn = false;
  const press = async (): Promise<void> => {
    const wanted = !isShownOn;
    await delay(live.timing.toggle);
    onChange(wanted);
  };
  const control = button(
    buttonMark,
    { type: 'button', role: 'switch', onClick: () => void press() },
    h('div.mdc-switch__track'),
    h('div.mdc-switch__handle-track', {}, h('div.mdc-switch__handle')),
  );
  control.classList.add('mdc-switch');
  const text = h('label.mdc-label', { onClick: () => control.click() }, label);
  text.classList.add('cdk-visually-hidden');
  const element = h(mark, {}, h('div.mdc-form-field', {}, control, text));
  element.classList.add('mat-mdc-slide-toggle');

  return {
    element,
    show(isOn, isDisabled = false) {
      isShownOn = isOn;
      setAttribute(control, 'aria-checked', String(isOn));
      control.disabled = isDisabled;
      control.classList.toggle('mdc-switch--selected', isOn);
      control.classList.toggle('mdc-switch--checked', isOn);
      control.classList.toggle('mdc-switch--unselected', !isOn);
      control.classList.toggle('mdc-switch--disabled', isDisabled);
    },
  };
}
