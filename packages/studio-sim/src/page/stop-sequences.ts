import { type App } from './app.ts';
import { delay, field, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { bind } from './number-control.ts';

const MOST = 5;

/** Stop sequences: Enter makes a chip of what is typed (page.md §6.3). */
export function createStopSequences(app: App): HTMLElement {
  const { settings, marks, live } = app;
  const chips = h('mat-chip-set.chips');
  const input = field(marks.stopInput);

  const add = async (text: string): Promise<void> => {
    await delay(live.timing.chip);
    const { stopSequences } = settings.value;
    if (text === '' || stopSequences.includes(text) || stopSequences.length >= MOST) return;
    input.value = '';
    settings.patch({ stopSequences: [...stopSequences, text] });
  };
  const remove = (text: string): void =>
    settings.patch({ stopSequences: settings.value.stopSequences.filter((each) => each !== text) });
  input.addEventListener('keydown', (event) => {
    if (event instanceof KeyboardEvent && event.key === 'Enter') void add(input.value);
  });
  bind(
    settings,
    ({ stopSequences }) => stopSequences,
    (stopSequences) =>
      fill(
        chips,
        ...stopSequences.map((text) =>
          h(
            'mat-chip-row.mat-mdc-chip',
            {},
            h('span.mdc-evolution-chip__text-label', {}, text),
            h(
              'button.remove-button',
              { 'aria-label': `Remove ${text}`, onClick: () => remove(text) },
              icon('close'),
            ),
          ),
        ),
      ),
  );
  return h('ms-stop-sequence-input', {}, chips, input);
}
