import { type App } from './app.ts';
import { button, delay, field, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Model } from './model-record.ts';
import { bind } from './number-control.ts';
import { type Overlay } from './overlays.ts';

const CHIPS: readonly (readonly [name: string, holds: (model: Model) => boolean])[] = [
  ['All', () => true],
  ['Featured', ({ categories }) => categories.includes(10)],
  ['Gemini', ({ categories }) => categories.includes(17)],
  ['Live', ({ capabilities }) => capabilities.has(26)],
  ['Images', ({ capabilities }) => capabilities.has(21)],
  ['Video', ({ capabilities }) => capabilities.has(20)],
  ['Audio', ({ capabilities }) => capabilities.has(37)],
  ['Gemma', ({ id }) => id.startsWith('gemma')],
];

/** The card that shows the model, and the panel behind it (page.md §6.1). */
export function createModelSelector(app: App, onSelect: (model: Model) => void): HTMLElement {
  const card = button(app.marks.modelCard, { onClick: () => openPanel(app, onSelect) });
  bind(
    app.settings,
    ({ model }) => model,
    (model) => fill(card, ...face(app, model)),
  );
  return h('ms-model-selector-v3', {}, card);
}

/** The newest generation shows the title only; the others the id as well. */
function face(app: App, model: Model | undefined): HTMLElement[] {
  const title = h('span.title', {}, model?.name ?? '');
  if (app.variant !== 'u2') return [title, icon('expand_more')];
  return [
    title,
    h('span.subtitle[data-test-id="model-name"]', {}, model?.id ?? ''),
    h('span.description[data-test-id="model-description"]', {}, model?.description ?? ''),
  ];
}

function openPanel(app: App, onSelect: (model: Model) => void): void {
  const { marks, overlays, models, live } = app;
  let chip = CHIPS[0];
  const list = h('div.model-options-container');
  const search = field(marks.modelSearch, { type: 'text', onInput: () => showRows() });
  const chips = CHIPS.map((each) => {
    const [name] = each;
    return h(
      'button.ms-button-filter-chip',
      {
        'data-test-category-button': name,
        onClick: () => {
          chip = each;
          showRows();
        },
      },
      name,
    );
  });

  const choose = async (model: Model, overlay: Overlay): Promise<void> => {
    overlay.close();
    await delay(live.timing.panel);
    onSelect(model);
  };
  const row = (model: Model): HTMLElement =>
    h(
      'ms-model-carousel-row',
      {},
      h(
        marks.modelRow,
        {
          id: `model-carousel-row-models/${model.id}`,
          onClick: () => void choose(model, overlay),
        },
        h('span.model-title-text', {}, model.name),
        model.isPaid && h('span.badge', {}, 'Paid'),
        h('span.model-id', {}, model.id),
        h('span.model-text', {}, model.description),
      ),
      h('button[aria-label="Star model"]', {}, icon('star')),
      h('button[aria-label="Copy model id"]', {}, icon('content_copy')),
    );
  const showRows = (): void => {
    const wanted = search.value.trim().toLowerCase();
    for (const [index, element] of chips.entries())
      element.classList.toggle('selected', CHIPS[index] === chip);
    const shown = models.value.filter(
      (model) => chip?.[1](model) && `${model.name} ${model.id}`.toLowerCase().includes(wanted),
    );
    fill(list, ...shown.map(row));
  };
  const close = h(marks.closePanel, { onClick: () => overlay.close() }, icon('close'));
  const content = h(
    'div.ms-sliding-right-panel-dialog',
    {},
    h('div.panel-header', {}, h('h2', {}, 'Model selection'), close),
    search,
    h('div.filter-chips', {}, ...chips),
    list,
  );
  const stop = models.watch(showRows);
  const overlay = overlays.dialog(content, { paneClass: 'right-panel-pane' });
  overlay.onClosed(stop);
}
