import { type App } from './app.ts';
import { parseDeclarations, parseSchema } from './declarations.ts';
import { button, fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { openJsonEditor } from './json-editor.ts';
import { createSlideToggle } from './slide-toggle.ts';
import { isBlocked, isOffered, type Tool, TOOLS, type ToolName } from './tools.ts';

const BLOCKED = 'This tool is not compatible with the current active tools';

/** The rows of the Tools group: those the model has (page.md §6.5). */
export function createToolSettings(app: App): HTMLElement {
  const rows = TOOLS.map((tool) => ({ tool, element: toolRow(app, tool) }));
  const element = h('div.tools-list');
  app.settings.watch(({ model }) =>
    fill(element, ...rows.map((row) => isOffered(row.tool, model) && row.element)),
  );
  return element;
}

/** Switches a tool on or off, unless another one is in the way. */
export function setTool({ settings }: App, tool: Tool, isOn: boolean): void {
  const { tools, model } = settings.value;
  if (isOn && isBlocked(tool, tools, model)) return;
  const others = [...tools].filter((name) => name !== tool.name);
  settings.patch({ tools: new Set(isOn ? [...others, tool.name] : others) });
}

function toolRow(app: App, tool: Tool): HTMLElement {
  const { settings, live, marks } = app;
  const hostMark = `mat-slide-toggle.slide-toggle${HOST_CLASSES[tool.name]}`;
  const toggle = createSlideToggle(live, hostMark, marks[tool.toggle], tool.title, (isOn) =>
    setTool(app, tool, isOn),
  );
  const row = h(
    marks[tool.row],
    {},
    h('span.tool-title', {}, tool.title),
    editButton(app, tool.name),
    toggle.element,
  );
  settings.watch(({ tools, model }) => {
    const isDisabled = isBlocked(tool, tools, model);
    toggle.show(tools.has(tool.name), isDisabled);
    setAttribute(row, 'title', isDisabled ? BLOCKED : null);
  });
  return tool.name === 'urlContext' ? h('ms-browse-as-a-tool', {}, row) : row;
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

function editButton(app: App, tool: ToolName): HTMLElement | undefined {
  if (tool === 'functionCalling')
    return button(
      app.marks.editFunctions,
      { onClick: () => editFunctions(app) },
      icon('edit'),
      'Edit',
    );
  if (tool === 'structuredOutput')
    return button(app.marks.editSchema, { onClick: () => editSchema(app) }, icon('edit'), 'Edit');
  return undefined;
}

function editFunctions(app: App): void {
  const { declarations } = app.settings.value;
  openJsonEditor(app, {
    title: 'Function declarations',
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
    component: 'ms-edit-json-schema-dialog',
    saveLabel: 'Save the current schema',
    resetLabel: 'Reset the schema',
    text: responseSchema ? JSON.stringify(responseSchema, null, 2) : '',
    parse: parseSchema,
    onSave: (saved) => app.settings.patch({ responseSchema: saved }),
  });
}
