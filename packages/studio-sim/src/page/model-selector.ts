import { type App } from './app.ts';
import { button, field, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Model } from './model-record.ts';
import { iconButton } from './ms-button.ts';
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
  const place = h('div.card-place');
  app.effects.followPart(
    app.settings,
    ({ model }) => model,
    (model) => {
      const open = (): void => openPanel(app, onSelect);
      fill(place, model?.kind === 'agent' ? agentCard(app, model, open) : card(app, model, open));
    },
  );
  return h(
    app.marks.modelHost,
    {},
    place,
    h('ms-sliding-right-panel[title="Model selection"]'),
    h('ms-sliding-right-panel'),
  );
}

/** An ordinary model shows its id. */
function card(app: App, model: Model | undefined, onClick: () => void): HTMLElement {
  return button(
    app.marks.modelCard,
    { onClick },
    h('span.title', {}, model?.name ?? ''),
    model && h('span.subtitle[data-test-id="model-name"]', {}, model.id),
    model && h('span.subtitle[data-test-id="model-description"]', {}, model.description),
  );
}

/** An agent shows its title, and below it the model it works with. */
function agentCard({ models }: App, agent: Model, onClick: () => void): HTMLElement {
  const base = models.value.find(({ kind }) => kind === undefined);
  return h(
    'div.model-selector-card',
    {},
    button(
      'button.model-selector-trigger[aria-label="Select primary model"]',
      { onClick },
      h('span.title', {}, agent.name),
      h('span.subtitle[data-test-id="model-description"]', {}, agent.description),
    ),
    h(
      'div.agent-badge-row[data-test-id="agent-model-container"]',
      {},
      h('span.agent-badge-label', {}, 'Selected model'),
      h(
        'button.badge[data-test-id="agent-model-badge"]',
        { 'aria-label': `Select ${agent.name} agent harness model` },
        base?.name ?? '',
      ),
    ),
  );
}

function openPanel(app: App, onSelect: (model: Model) => void): void {
  const { marks, overlays, models, effects, live, settings } = app;
  let chip = CHIPS[0];
  const list = h('div.model-options-container');
  const search = field(marks.modelSearch, {
    type: 'text',
    onInput: () => effects.after(showRows),
  });
  const chips = CHIPS.map((each) => {
    const [name] = each;
    return h(
      'button.ms-button-filter-chip',
      {
        'data-test-category-button': name,
        'aria-selected': String(each === chip),
        onClick: () => {
          chip = each;
          effects.after(showRows);
        },
      },
      name,
    );
  });

  const choose = (model: Model, overlay: Overlay): void => {
    overlay.close();
    effects.after(() => onSelect(model));
  };
  const row = (model: Model): HTMLElement => {
    const isDisabled = model.isPaid && live.isOn('paid-models-disabled');
    const pick = button(
      marks.modelRow,
      {
        id: `model-carousel-row-models/${model.id}`,
        disabled: isDisabled,
        onClick: () => choose(model, overlay),
      },
      h(
        'div.row-header.has-star-button',
        {},
        h('span.model-title.can-scroll', {}, h('span.model-title-text.ellipses', {}, model.name)),
        isNew(model, models.value) && h('span.badge.new', {}, 'New'),
        model.isPaid && h('span.badge.paid', {}, 'Paid'),
      ),
      h('span.model-subtitle', {}, model.id),
      h('span.model-details', {}, model.description),
    );
    const element = h(
      'ms-model-carousel-row',
      {},
      pick,
      h(
        'div.row-actions',
        {},
        iconButton('button[aria-label="Star model"]', 'star'),
        iconButton('button[aria-label="Copy model id"]', 'content_copy'),
      ),
    );
    element.classList.toggle('selected', model === settings.value.model);
    element.classList.toggle('disabled', isDisabled);
    return element;
  };
  const showRows = (): void => {
    const wanted = search.value.trim().toLowerCase();
    for (const [index, element] of chips.entries())
      element.setAttribute('aria-selected', String(CHIPS[index] === chip));
    const shown = models.value.filter(
      (model) => chip?.[1](model) && `${model.name} ${model.id}`.toLowerCase().includes(wanted),
    );
    fill(
      list,
      ...(shown.length > 0
        ? shown.map(row)
        : [h('div.no-search-results-message', {}, 'No model matches your search.')]),
    );
  };
  const stop = models.watch(showRows);
  const overlay = overlays.panel(
    'Model selection',
    h(
      'ms-model-carousel[data-test-id="model-carousel-in-selector"]',
      {},
      h('ms-input-field', {}, icon('search'), search),
      h('div.filter-chips', {}, ...chips),
      h('div.model-categories-container', {}, list),
    ),
  );
  overlay.onClosed(stop);
}

/** The newest of the list carry a mark. */
function isNew({ released }: Model, all: readonly Model[]): boolean {
  return released > 0 && all.every((other) => other.released <= released);
}
