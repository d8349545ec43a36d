import { type App } from './app.ts';
import { parseDeclarations, parseSchema } from './declarations.ts';
import { type Child, fill, h } from './dom.ts';
import { openJsonEditor } from './json-editor.ts';
import { msButton, setDisabled } from './ms-button.ts';
import { createSlideToggle } from './slide-toggle.ts';
import { isBlocked, isOffered, type Tool, TOOLS, type ToolName } from './tools.ts';

const BLOCKED = 'This tool is not compatible with the current active tools.';

/** The rows of the Tools group: those the model has (page.md §6.5). */
export function createToolSettings(app: App): HTMLElement {
  const element = h('div.tools-list');
  const places = TOOLS.map((tool) => ({ tool, place: toolPlace(app, tool) }));
  app.effects.followPart(
    app.settings,
    ({ model }) => model,
    (model) => fill(element, ...places.map(({ tool, place }) => isOffered(tool, model) && place)),
  );
  return element;
}

/** Switches a tool on or off, unless another one is in the way. */
export function setTool({ settings }: App, tool: Tool, isOn: boolean): void {
  const { tools, model } = settings.value;
  // A refusal is a change as well: the switch that was pressed goes back.
  if (isOn && isBlocked(tool, tools, model)) return settings.patch({ tools: new Set(tools) });
  const others = [...tools].filter((name) => name !== tool.name);
  settings.patch({ tools: new Set(isOn ? [...others, tool.name] : others) });
}

/** The place of a row, which is made anew whenever its state changes. */
function toolPlace(app: App, tool: Tool): HTMLElement {
  const place = h(tool.name === 'urlContext' ? 'ms-browse-as-a-tool' : 'div.tool-place');
  app.effects.followPart(
    app.settings,
    ({ tools, model }) => [tools, model] as const,
    ([tools, model]) =>
      fill(place, toolRow(app, tool, tools.has(tool.name), isBlocked(tool, tools, model))),
  );
  return place;
}

function toolRow(app: App, tool: Tool, isOn: boolean, isDisabled: boolean): HTMLElement {
  const toggle = createSlideToggle(
    app.effects,
    `mat-slide-toggle.slide-toggle.large${HOST_CLASSES[tool.name]}`,
    app.marks[tool.toggle],
    (isWanted) => setTool(app, tool, isWanted),
  );
  toggle.show(isOn, isDisabled);
  const row = h(
    app.marks[tool.row],
    { mattooltipposition: 'left', mattooltipclass: 'settings-tooltip' },
    ...(tool.name === 'urlContext'
      ? urlContextCells(tool, toggle.element)
      : usualCells(tool, toggle.element, editButton(app, tool.name, isOn))),
  );
  row.classList.add('mat-mdc-tooltip-trigger');
  if (isDisabled) row.title = BLOCKED;
  return row;
}

function usualCells(tool: Tool, toggle: HTMLElement, edit: Child): Child[] {
  return [
    h(
      'div.item-about.item-about-no-icon',
      {},
      h('div.item-description', {}, h('h3.item-description-title', {}, tool.title)),
      tool.name === 'googleSearch' &&
        h('span.search-source.grounding-source', {}, ' Source: ', ' Google Search '),
    ),
    h('div.item-input-toggle', {}, toggle, edit),
  ];
}

function urlContextCells(tool: Tool, toggle: HTMLElement): Child[] {
  return [h('h3.v3-font-body', {}, tool.title), h('div.form-field-density--4', {}, toggle)];
}

/** Classes of the toggles, for the generations that still have them (page.md §6.5). */
const HOST_CLASSES: Readonly<Record<ToolName, string>> = {
  structuredOutput: '.structured-output-toggle',
  codeExecution: '.code-execution-toggle',
  functionCalling: '.function-calling-toggle',
  googleSearch: '.search-as-a-tool-toggle',
  urlContext: '',
  googleMaps: '.google-maps-toggle',
};

/** There for two tools, and disabled while its tool is off. */
function editButton(app: App, tool: ToolName, isOn: boolean): HTMLElement | undefined {
  const [mark, edit, hint] =
    tool === 'functionCalling'
      ? [app.marks.editFunctions, editFunctions, 'Enable Function calling to edit']
      : tool === 'structuredOutput'
        ? [app.marks.editSchema, editSchema, 'Enable Structured outputs to edit']
        : [];
  if (!mark) return undefined;
  const element = msButton(mark, 'borderless', { onClick: () => edit?.(app) }, ' Edit ');
  setDisabled(element, !isOn);
  if (!isOn && hint) element.title = hint;
  return element;
}

function editFunctions(app: App): void {
  const { declarations } = app.settings.value;
  openJsonEditor(app, {
    title: 'Function declarations',
    hint: 'Enter a list of function declarations for the model to call upon.',
    add: 'Add function declaration',
    component: 'ms-edit-function-declarations-dialog',
    saveLabel: 'Save the current function declarations',
    resetLabel: 'Reset the function declarations',
    text: declarations.length > 0 ? JSON.stringify(declarations, null, 2) : '',
    parse: parseDeclarations,
    onSave: (saved) => app.settings.patch({ declarations: saved }),
  });
}

function editSchema(app: App): void {
  const { responseSchema } = app.settings.value;
  openJsonEditor(app, {
    title: 'Structured outputs',
    hint: 'Enter an OpenAPI schema object to constrain the model output.',
    add: 'Add property',
    component: 'ms-edit-json-schema-dialog',
    saveLabel: 'Save the current schema',
    resetLabel: 'Reset the schema',
    text: responseSchema ? JSON.stringify(responseSchema, null, 2) : '',
    parse: parseSchema,
    onSave: (saved) => app.settings.patch({ responseSchema: saved }),
  });
}
