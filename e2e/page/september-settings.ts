import { el, icon, type Markup } from './markup.ts';

/** The run settings, open, all groups unfolded (page.md §6). An agent has no id on its card. */
export const runSettings = (hasAgent: boolean): Markup =>
  el(
    'ms-right-side-panel',
    el(
      'ms-run-settings.expanded[data-right="runSettings"]',
      el(
        'div.overlay-header',
        el('h2', 'Run settings'),
        el('button#getCodeBtn[aria-label="Get code"]', 'Get code'),
        el('button#resetSettingsBtn[aria-label="Reset default settings"]', icon('reset_settings')),
        el(
          'button[aria-label="Close run settings panel"][data-right="closeRunSettings"]',
          icon('close'),
        ),
      ),
      el(
        'div.settings-items-wrapper',
        el(
          'ms-model-selector',
          ...(hasAgent ? [agentCard()] : [modelCard()]),
          // Hosts of panels: always there, always empty.
          el('ms-sliding-right-panel[title="Model selection"]'),
          el('ms-sliding-right-panel'),
        ),
        el(
          'ms-system-instructions-panel',
          el(
            'button.system-instructions-card[data-test-system-instructions-card][aria-label="System instructions"][data-right="systemCard"]',
            el('span.title', 'System instructions'),
            el('span.subtitle', 'Optional tone and style instructions for the model'),
          ),
          el('ms-sliding-right-panel'),
        ),
        thinkingLevel(),
        ...tools(),
        ...advanced(),
      ),
    ),
  );

const modelCard = (): Markup =>
  el(
    'button.model-selector-card[data-right="modelTrigger"]',
    el('span.title[data-right="modelTitle"]', 'Gemini 3.8 Flash'),
    el('span.subtitle[data-test-id="model-name"][data-right="modelName"]', 'gemini-3.8-flash'),
    el('span.subtitle[data-test-id="model-description"]', 'A model.'),
  );

const agentCard = (): Markup =>
  el(
    'div.model-selector-card',
    el(
      'button.model-selector-trigger[aria-label="Select primary model"][data-right="modelTrigger"]',
      el('span.title[data-right="modelTitle"]', 'Antigravity Agent Preview'),
      el('span.subtitle[data-test-id="model-description"]', 'An agent.'),
    ),
    el(
      'div.agent-badge-row[data-test-id="agent-model-container"]',
      el('button.badge[data-test-id="agent-model-badge"]', 'Gemini 3.8 Flash'),
    ),
  );

const thinkingLevel = (): Markup =>
  el(
    'ms-thinking-level-setting',
    el('h3', 'Thinking level'),
    el(
      'mat-select.mat-mdc-select[role="combobox"][aria-label="Thinking Level"][aria-expanded="false"][data-right="thinkingLevel"]',
      el('div.mat-mdc-select-trigger', el('span.mat-mdc-select-value-text', el('span', 'Medium'))),
    ),
  );

/** The header of a group that is unfolded; its icon is the same in both states. */
const groupHeader = (group: string, title: string, right: string): Markup =>
  el(
    'div.settings-item.settings-group-header.expanded',
    el(
      'div.item-about',
      el(
        `button[aria-label="Expand or collapse ${group}"][data-right="${right}"]`,
        icon('expand_more'),
      ),
      el('p.group-title', title),
    ),
  );

const toggle = (label: string, css: string, right: string, state = 'off'): Markup =>
  el(
    `mat-slide-toggle.slide-toggle${css}`,
    el(
      `button.mdc-switch[role="switch"][type="button"][aria-label="${label}"][aria-checked="${String(state === 'on')}"]${state === 'disabled' ? '[disabled]' : ''}[data-right="${right}"]`,
      el('span.mdc-switch__track'),
    ),
  );

/** Edit buttons are there and blocked while their switch is off. */
const editButton = (spec: string): Markup => el(`button${spec}[aria-disabled="true"]`, ' Edit ');

const tools = (): Markup[] => [
  groupHeader('tools', 'Tools', 'expandTools'),
  el(
    'div.settings-tool[data-test-id="structuredOutputTooltip"]',
    el('h3', 'Structured outputs'),
    toggle('Structured outputs', '.structured-output-toggle', 'structuredOutput'),
    editButton(
      '[aria-label="Edit JSON schema"][data-test-id="editJsonSchemaButton"][data-right="editSchema"]',
    ),
  ),
  el(
    'div.settings-tool[data-test-id="codeExecutionTooltip"]',
    el('h3', 'Code execution'),
    toggle('Code execution', '.code-execution-toggle', 'codeExecution'),
  ),
  el(
    'div.settings-tool[data-test-id="functionCallingTooltip"]',
    el('h3', 'Function calling'),
    toggle('Function calling', '.function-calling-toggle', 'functionCalling', 'disabled'),
    editButton(
      '.edit-function-declarations-button[aria-label="Edit function declarations"][data-right="editFunctions"]',
    ),
  ),
  el(
    'div.settings-tool[data-test-id="searchAsAToolTooltip"]',
    el('h3', 'Grounding with Google Search'),
    toggle('Grounding with Google Search', '.search-as-a-tool-toggle', 'googleSearch', 'on'),
  ),
  el(
    'div.settings-tool[data-test-id="googleMapsTooltip"]',
    el('h3', 'Grounding with Google Maps'),
    toggle('Grounding with Google Maps', '.google-maps-toggle', 'googleMaps'),
  ),
  el(
    'ms-browse-as-a-tool',
    el(
      'div.settings-tool[data-test-id="browseAsAToolTooltip"]',
      el('h3', 'URL context'),
      toggle('Browse the url context', '', 'urlContext'),
    ),
  ),
];

const advanced = (): Markup[] => [
  groupHeader('advanced settings', 'Advanced settings', 'expandAdvanced'),
  el(
    'div.settings-item[data-test-id="mediaResolution"]',
    el('mat-select.mat-mdc-select[role="combobox"][aria-label="Media resolution"]', 'Default'),
  ),
  el('button.edit-safety-button[aria-label="Edit safety settings"]', ' Edit '),
  el(
    'ms-stop-sequence-input',
    el('label[for="chip-input"]', 'Add stop sequence'),
    el(
      'input#chip-input[aria-label="Add stop sequence"][placeholder="Add stop..."][data-right="stopInput"]',
    ),
    el('mat-chip-grid[aria-label="End Tokens"]'),
  ),
  el(
    'div.output-length',
    el('h3', 'Output length'),
    el(
      'input[type="number"][name="maxOutputTokens"][aria-label="Maximum output tokens"][min="1"][max="65536"][value="65536"][data-right="maxOutputTokens"]',
    ),
  ),
];
