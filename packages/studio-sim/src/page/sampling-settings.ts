import { type App } from './app.ts';
import { fill, h } from './dom.ts';
import { CAPABILITY } from './model-record.ts';
import { type Limits, numberBox, settingRow, sliderControl } from './number-control.ts';
import { createSelect } from './select-control.ts';
import { type Settings } from './settings.ts';

const TOP_K: Limits = { min: 1, max: 64, isWhole: true };
const RESOLUTIONS = [
  [0, 'Default'],
  [1, 'Low'],
  [2, 'Medium'],
  [3, 'High'],
] as const;

/** Shows a setting in a control; another model may have other limits. */
function follow<K>(app: App, part: (settings: Settings) => K, show: (value: K) => void): void {
  app.effects.followPart(
    app.settings,
    (settings) => [part(settings), settings.model] as const,
    ([value]) => show(value),
  );
}

/** A row that is there only while this holds for the settings. */
function onlyWhile(
  { settings, effects }: App,
  row: HTMLElement,
  holds: (settings: Settings) => boolean,
): HTMLElement {
  const place = h('div.settings-place');
  effects.followPart(settings, holds, (isThere) => fill(place, isThere && row));
  return place;
}

/** The temperature, for models that let it be set. */
export function temperature(app: App): HTMLElement {
  const slider = sliderControl(
    'Temperature',
    () => ({ min: 0, max: 2 }),
    0.05,
    (value) => app.settings.patch({ temperature: value }),
  );
  follow(
    app,
    (settings) => settings.temperature,
    (value) => slider.show(value),
  );
  const row = settingRow(app.marks.temperature, 'Temperature', slider.element);
  return onlyWhile(app, row, (settings) => settings.temperature !== undefined);
}

/** Top P, for models that let it be set. */
export function topP(app: App): HTMLElement {
  const slider = sliderControl(
    'Top P',
    () => ({ min: 0, max: 1 }),
    0.05,
    (value) => app.settings.patch({ topP: value }),
  );
  follow(
    app,
    (settings) => settings.topP,
    (value) => slider.show(value),
  );
  const row = settingRow(app.marks.topP, 'Top P', slider.element);
  return onlyWhile(app, row, (settings) => settings.topP !== undefined);
}

/** Top K: only models of the generation before thinking still show it. */
export function topK(app: App): HTMLElement {
  const box = numberBox(
    'input[type="number"][aria-label="Top K"]',
    {},
    () => TOP_K,
    (value) => app.settings.patch({ topK: value }),
  );
  follow(
    app,
    (settings) => settings.topK,
    (value) => box.show(value),
  );
  const row = settingRow('div.settings-item', 'Top K', box.input);
  return onlyWhile(app, row, ({ model, topK: k }) => k !== undefined && !model?.thinking);
}

/** The most tokens an answer may have, up to what the model can. */
export function outputLength(app: App): HTMLElement {
  const limits = (): Limits => ({
    min: 1,
    max: app.settings.value.model?.outputLimit ?? 1,
    isWhole: true,
  });
  const box = numberBox(app.marks.outputLength, {}, limits, (value) =>
    app.settings.patch({ maxOutputTokens: value }),
  );
  follow(
    app,
    (settings) => settings.maxOutputTokens,
    (value) => box.show(value),
  );
  return settingRow('div.settings-item.output-length', 'Output length', box.input);
}

/** How finely images are read, for models that let it be set. */
export function mediaResolution(app: App): HTMLElement {
  const mark = 'mat-select[aria-label="Media resolution"]';
  const select = createSelect(
    app,
    mark,
    () => RESOLUTIONS,
    (value) => app.settings.patch({ mediaResolution: value }),
  );
  follow(
    app,
    (settings) => settings.mediaResolution,
    (value) => select.show(RESOLUTIONS[value]?.[0]),
  );
  const row = settingRow(
    'div.settings-item.settings-item-column.dropdown-field[data-test-id="mediaResolution"]',
    'Media resolution',
    select.element,
  );
  return onlyWhile(
    app,
    row,
    ({ model }) => model?.capabilities.has(CAPABILITY.mediaResolution) ?? false,
  );
}
