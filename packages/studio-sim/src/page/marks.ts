import { type Options } from '../control/options.ts';
import { mapValues } from '../typed-object.ts';

/** A generation of the page. */
export type Variant = Options['variant'];

/** An element's mark in each generation; u3 is as u2 where it is not named. */
interface Generations {
  readonly u2: string;
  readonly u3?: string;
}

/** How to recognise each element in each generation (page.md §4–§8). */
const GENERATIONS = {
  navbar: { u2: 'ms-navbar', u3: 'ms-navbar-v2' },
  toolbar: { u2: 'ms-toolbar', u3: 'ms-playground-toolbar' },
  toolbarRow: { u2: 'div.toolbar-container', u3: 'ms-header' },
  modelHost: { u2: 'ms-model-selector-v3', u3: 'ms-model-selector' },
  promptBox: { u2: 'ms-prompt-box' },
  promptText: {
    u2: 'textarea.textarea.cdk-textarea-autosize[aria-label="Enter a prompt"][formcontrolname="promptText"][cdktextareaautosize][msfilecopypaste]',
  },
  runHost: { u2: 'ms-run-button' },
  run: {
    u2: 'button.ms-button-primary',
    u3: 'button.ctrl-enter-submits.mat-mdc-tooltip-trigger[mattooltipclass="run-button-tooltip"]',
  },
  addMedia: {
    u2: 'button[data-test-id="add-media-button"][aria-label="Insert assets such as images, videos, files, or audio"]',
    u3: 'button.mat-mdc-menu-trigger[data-test-id="add-media-button"][data-test="selectMediaMenu"][aria-label="Insert images, videos, audio, or files"]',
  },
  tokenCount: { u2: 'span.v3-token-count-value', u3: 'span.token-count-value' },
  newChat: {
    u2: 'button[data-test-clear="outside"][aria-label="New chat"]',
  },
  panelToggle: {
    u2: 'button.runsettings-toggle-button[aria-label="Toggle run settings panel"]',
  },
  panelClose: {
    u2: 'button[aria-label="Close run settings panel"][iconname="close"]',
    u3: 'button.ms-button-small[aria-label="Close run settings panel"]',
  },
  modelCard: {
    u2: 'button.model-selector-card',
  },
  modelSearch: {
    u2: 'input[aria-label="Search"][placeholder="Search for a model or agent"]',
    u3: 'input.has-icon[ms-input][aria-label="Search"][placeholder="Search for a model or agent"]',
  },
  modelRow: { u2: 'button.content-button' },
  closePanel: {
    u2: 'button[data-test-close-button][aria-label="Close panel"]',
  },
  systemCard: {
    u2: 'button.system-instructions-card[data-test-system-instructions-card][aria-label="System instructions"]',
  },
  systemText: { u2: 'textarea[aria-label="System instructions"]' },
  thoughts: { u2: 'ms-thought-chunk' },
  userTurn: { u2: 'div.chat-turn-container.user.render' },
  modelTurn: { u2: 'div.chat-turn-container.model.render' },
  temperature: {
    u2: 'div.settings-item[data-test-id="temperatureSliderContainer"]',
  },
  topP: { u2: 'div.settings-item[data-test-id="topPSliderContainer"]' },
  outputLength: {
    u2: 'input[type="number"][aria-label="Maximum output tokens"]',
    u3: 'input[type="number"][ms-input][aria-label="Maximum output tokens"][name="maxOutputTokens"][step="1"]',
  },
  stopInput: {
    u2: 'input#chip-input[aria-label="Add stop token"][placeholder="Add stop..."]',
    u3: 'input#chip-input.mat-mdc-chip-input.mat-input-element[ms-input][aria-label="Add stop sequence"][placeholder="Add stop..."][aria-required="true"]',
  },
  discard: { u2: 'button[aria-label="Discard and continue"]' },
  temporaryChat: {
    u2: 'button[data-test-incognito-toggle][aria-label="Temporary chat toggle"]',
  },
  uploadItem: {
    u2: 'button.mat-mdc-menu-item.upload-file-menu-item[role="menuitem"]',
    u3: 'button.mat-mdc-menu-item[role="menuitem"][aria-label="Upload a file"]',
  },
  mediaContainer: {
    u2: 'div.media-container[data-test-id="prompt-media-container"]',
  },
  mediaItem: { u2: 'div.prompt-media-item-container' },
  thinkingLevel: {
    u2: 'mat-select[aria-label="Thinking Level"]',
  },
  thinkingModeHost: {
    u2: 'mat-slide-toggle.slide-toggle[data-test-toggle="enable-thinking"]',
  },
  thinkingMode: { u2: 'button[aria-label="Toggle thinking mode"]' },
  manualBudgetHost: {
    u2: 'mat-slide-toggle.slide-toggle[data-test-toggle="manual-budget"]',
  },
  manualBudget: {
    u2: 'button[aria-label="Toggle thinking budget between auto and manual"]',
  },
  budget: {
    u2: 'div.settings-item[data-test-id="user-setting-budget-animation-wrapper"]',
  },
  structuredOutputRow: {
    u2: 'div.settings-item.settings-tool[data-test-id="structuredOutputTooltip"]',
  },
  structuredOutputToggle: {
    u2: 'button[aria-label="Structured outputs"]',
  },
  codeExecutionRow: { u2: 'div.settings-item.settings-tool[data-test-id="codeExecutionTooltip"]' },
  codeExecutionToggle: {
    u2: 'button[aria-label="Code execution"]',
  },
  functionCallingRow: {
    u2: 'div.settings-item.settings-tool[data-test-id="functionCallingTooltip"]',
  },
  functionCallingToggle: { u2: 'button[aria-label="Function calling"]' },
  googleSearchRow: {
    u2: 'div.settings-item.settings-tool[data-test-id="searchAsAToolTooltip"]',
  },
  googleSearchToggle: {
    u2: 'button[aria-label="Grounding with Google Search"]',
  },
  urlContextRow: {
    u2: 'div.settings-item.settings-tool[data-test-id="browseAsAToolTooltip"]',
  },
  urlContextToggle: {
    u2: 'button[aria-label="Browse the url context"]',
  },
  googleMapsRow: {
    u2: 'div.settings-item.settings-tool[data-test-id="googleMapsTooltip"]',
  },
  googleMapsToggle: { u2: 'button[aria-label="Grounding with Google Maps"]' },
  editFunctions: {
    u2: 'button.edit-function-declarations-button[aria-label="Edit function declarations"]',
  },
  editSchema: {
    u2: 'button.edit-schema-button[data-test-id="editJsonSchemaButton"][aria-label="Edit JSON schema"]',
    u3: 'button[data-test-id="editJsonSchemaButton"][aria-label="Edit JSON schema"]',
  },
  toolsExpander: { u2: 'button[aria-label="Expand or collapse tools"]' },
  advancedExpander: { u2: 'button[aria-label="Expand or collapse advanced settings"]' },
} as const satisfies Record<string, Generations>;

/** Name of an element whose mark depends on the generation. */
export type MarkName = keyof typeof GENERATIONS;

/** The mark of every element in one generation. */
export type Marks = Readonly<Record<MarkName, string>>;

/** The marks of a generation. */
export function marksOf(variant: Variant): Marks {
  return mapValues<MarkName, Generations, string>(
    GENERATIONS,
    (generations) => generations[variant] ?? generations.u2,
  );
}
