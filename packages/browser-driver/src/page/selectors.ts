/* oxlint-disable max-lines -- one table: one search finds every selector */
/**
 * Where everything on AI Studio's page is (page.md). Each element has its alternates in the
 * order in which they are tried: the page of September 2026 and the one before it (U2) first, the
 * oldest (U1) next, what a person would go by (role and label) last. No other file holds a selector.
 * The table is plain data: it survives JSON.
 *
 * Facts that every alternate respects: the order of children and generated classes are not stable,
 * and neither are placeholders.
 */

/** One way to find an element: CSS, narrowed by what CSS cannot say. */
export interface Locator {
  readonly css: string;
  /** Source of a case-insensitive regular expression on the element's accessible name. */
  readonly name?: string;
  /** The same, on the nearest heading or label beside a control that has no name of its own. */
  readonly near?: string;
  /** The same, on all text inside. */
  readonly text?: string;
  /** The same, on the word that its icon is made of. */
  readonly icon?: string;
  /** Which of those found it is, by where they stand on the page. */
  readonly place?: 'prompt' | 'beside prompt' | 'top' | 'right';
}

/** The ways to find one element, best first. `{}` in CSS stands for a value, for example a model id. */
export type Alternates = readonly (string | Locator)[];

/** What a person takes for a button, a switch, a field for numbers, for text, whatever it is made of. */
const BUTTON = 'button, [role="button"], input[type="button"], input[type="submit"]';
const SWITCH =
  '[role="switch"], [role="checkbox"], input[type="checkbox"], button[aria-pressed], mat-checkbox';
const NUMBER =
  'input[type="number"], [role="spinbutton"], input[inputmode="numeric"], input[inputmode="decimal"]';
/** The same with a plain field and a slider: only where its label is beyond doubt. */
const ANY_NUMBER = `${NUMBER}, input[type="text"], input:not([type]), input[type="range"]`;
const TEXT_FIELD =
  'textarea, [contenteditable="true"], [contenteditable="plaintext-only"], [role="textbox"]';
/** Not a switch, which may be a button too. */
const PLAIN_BUTTON =
  'button:not([role="switch"], [role="checkbox"], [aria-expanded]), [role="button"]:not([aria-expanded])';
const EXPANDER = ':is(button, [role="button"])[aria-expanded]';
const LIST = 'mat-select, [role="combobox"], select, [aria-haspopup="listbox"]';
const DIALOG =
  'mat-dialog-container, [role="dialog"], [role="alertdialog"], dialog, [aria-modal="true"]';
const IN_DIALOG = `:is(${DIALOG})`;
const DIALOG_BUTTON = `${IN_DIALOG} :is(${BUTTON})`;
const MENU_ITEM =
  '[role="menu"] :is([role^="menuitem"], [role="option"], button, [role="button"], a), [role="listbox"] [role="option"]';
const DIALOG_FIELD = `${IN_DIALOG} :is(${TEXT_FIELD})`;

export const selectors = {
  // Prompt area (page.md §4)
  promptBox: ['ms-prompt-box', 'ms-prompt-input-wrapper', '.prompt-box-container', 'footer'],
  promptInput: [
    'ms-prompt-box textarea[aria-label="Enter a prompt"]',
    'textarea[formcontrolname="promptText"]',
    'textarea.cdk-textarea-autosize.textarea',
    'ms-autosize-textarea textarea:not(ms-chat-turn *)',
    'ms-prompt-input-wrapper textarea',
    { css: 'textarea', name: '^(enter a prompt|type something)' },
    { css: TEXT_FIELD, name: 'prompt|ask|message|type something', place: 'prompt' },
    { css: TEXT_FIELD, place: 'prompt' },
  ],
  runButton: [
    'ms-run-button button.ctrl-enter-submits',
    'ms-run-button button[type="submit"].ms-button-primary',
    'ms-run-button button',
    'ms-stop-button button',
    'button[aria-label="Run"].run-button',
    'run-button button',
    { css: BUTTON, name: '^run\\s*(ctrl|cmd|⌘|$)|^stop( generat\\w+| response)?$' },
    { css: BUTTON, place: 'beside prompt' },
  ],
  stopMark: [
    'ms-stop-button button',
    'ms-run-button .stoppable-spinner, ms-run-button .stoppable-stop, ms-run-button .spin',
    'ms-run-button button.stoppable',
    'run-button .stoppable-spinner, button.run-button .stoppable-spinner',
    { css: 'ms-run-button button, button.run-button', name: '\\bstop\\b|^cancel' },
    { css: BUTTON, name: '^stop( generat\\w+| response)?$' }, // not "Stop editing"
  ],
  loadingMark: [
    'ms-chat-loading-indicator',
    'loading-indicator',
    '.thinking-progress-icon.in-progress',
  ],
  tokenCount: ['ms-token-count', '.v3-token-count-value'],

  // Upload (page.md §7)
  attach: [
    'button[data-test-id="add-media-button"]',
    'button[data-test="selectMediaMenu"]',
    'ms-add-media-button button',
    { css: BUTTON, name: '^insert (assets|images|media|files)' },
    { css: BUTTON, name: '^(insert|add|attach|upload)\\b.*\\b(assets|images?|media|files?)' },
  ],
  uploadItem: ['button.upload-file-menu-item', { css: MENU_ITEM, name: '^upload (a )?files?' }],
  fileInput: [
    'input[type="file"][data-test-upload-file-input]',
    'input[type="file"].file-input',
    'input[type="file"]',
  ],
  removeMedia: [
    'ms-prompt-box button[aria-label="Remove media"]',
    'button[aria-label="Remove media"]',
    { css: BUTTON, name: '^remove (media|file|image)' },
    { css: BUTTON, name: '^(remove|delete)\\b.*\\b(media|file|image|attachment)$' },
    'ms-prompt-media button',
  ],
  uploadProgress: [
    'ms-prompt-box mat-progress-bar, ms-prompt-box [role="progressbar"]',
    '.prompt-media-item-container [role="progressbar"], .multi-media-row [role="progressbar"]',
    '[class*="media-item"] [role="progressbar"]',
  ],

  // Trouble (page.md §9): the kind of a toast is a class of the callout inside it. A toast of success
  // is none of these; `plainToast` is one whose kind cannot be seen.
  toast: [
    'ms-toast ms-callout.error-callout, ms-toast ms-callout.warning-callout',
    'mat-snack-bar-container ms-callout.error-callout, mat-snack-bar-container ms-callout.warning-callout',
    'div.toast.error, div.toast.warning',
  ],
  plainToast: [
    'mat-snack-bar-container:not(:has(.error-callout, .warning-callout, .success-callout, .info-callout, .toast.error, .toast.warning))',
    '.mat-mdc-snack-bar-container:not(:has([class*="-callout"]))',
  ],
  callout: [
    'ms-callout.error-callout:not(ms-toast *, mat-snack-bar-container *), ms-callout.warning-callout:not(ms-toast *, mat-snack-bar-container *)',
  ],

  // Chat (page.md §5)
  turn: ['ms-chat-turn', '[id^="turn-"]:has([data-turn-role])', '.chat-turn-container'],
  userTurn: [
    'ms-chat-turn [data-turn-role="User"]',
    '[data-turn-role="User"]',
    '.chat-turn-container.user',
    '.user-prompt-container',
  ],
  modelTurn: [
    'ms-chat-turn [data-turn-role="Model"]',
    '[data-turn-role="Model"]',
    '.chat-turn-container.model',
    '.model-prompt-container',
  ],
  // The positive sign of a chat without turns (page.md §2).
  emptyChat: ['.chat-view-container.zero-state', 'ms-zero-state', '.incognito-container'],

  // The answer's chunks, sought inside its turns (page.md §5.1–5.4)
  thoughtChunk: [
    'ms-thought-chunk',
    'ms-thought-accordion',
    'mat-expansion-panel.thought-panel',
    'mat-accordion:has(.thinking-progress-icon)',
  ],
  thoughtHeader: ['mat-expansion-panel-header', '[aria-expanded]'],
  thoughtBody: ['.mat-expansion-panel-body', '.mat-expansion-panel-content'],
  textChunk: ['ms-text-chunk', '.very-large-text-container', 'ms-cmark-node, .cmark-node'],
  callChunk: ['ms-function-call-chunk'],
  callName: ['.name', '.title-text', 'mat-panel-title span:nth-of-type(2)'],
  imageChunk: ['ms-image-chunk', 'img.loaded-image'],
  image: ['img.loaded-image', 'img'],
  // Code that was run and what came of it, around a block of code (page.md §5.4).
  ranCode: ['ms-executable-code-chunk', '[class*="executable-code"]'],
  ranCodeResult: [
    'ms-code-execution-result-chunk',
    '[class*="code-execution-result"], [class*="code-result"]',
  ],
  codeBlock: ['ms-code-block'],
  codeTitle: ['.title-text', 'mat-panel-title'],
  codeText: ['pre code', 'pre'],
  // Raw view, and very large texts: one text with the line breaks of its source (page.md §5.1).
  rawText: ['.very-large-text-container'],
  // What only rendering makes: a text chunk without any of it shows its source (page.md §5.1).
  renderedNode: [
    'ms-cmark-node, .cmark-node, ms-code-block, ms-katex, p, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6, strong, em, a, code, br, hr, [style*="font-style"]',
  ],
  // Where the page says that it held an answer back: its words stand inside a button (page.md §9).
  blockedMark: ['ms-prompt-feedback', '.blocked-content-container, .blocked-content'],
  turnError: ['.model-error', '[class*="model-error"]'],
  // What a person reads as controls, icons, headings, sources and signs of progress.
  furniture: [
    'button, [role="button"], [role="heading"], [role="progressbar"], textarea, form, img, svg, mat-icon, mat-progress-bar, .material-symbols-outlined, .author-label, .turn-footer, .model-run-time-pill, ms-grounding-sources, ms-search-entry-point, ms-chat-turn-options, ms-chat-loading-indicator, loading-indicator',
  ],
  endMark: [
    'ms-chat-turn button[aria-label="Good response"]',
    'button[aria-label="Good response"]',
    { css: BUTTON, name: '^(good|bad) response' },
  ],

  // The source of a turn's text (page.md §5.1)
  turnHost: ['ms-chat-turn', '[id^="turn-"]', '.chat-turn-container'],
  editTurn: [
    'button.toggle-edit-button',
    'button[aria-label="Edit"]',
    '[aria-label="Stop editing"]',
  ],
  turnEditor: [
    'ms-text-chunk ms-autosize-textarea',
    'ms-autosize-textarea',
    'textarea:not([aria-label="Enter a function response"])',
  ],
  turnOptions: ['ms-chat-turn-options button', 'button[aria-label="Open options"]'],
  copyMarkdown: [
    '[role="menu"] [role="menuitem"]:has(.copy-markdown-button)',
    { css: MENU_ITEM, name: '^copy (as )?markdown' },
  ],

  // New chat (page.md §8)
  newChat: [
    'button[data-test-clear="outside"][aria-label="New chat"]',
    'button[aria-label="New chat"]',
    'button[aria-label="Clear chat"]',
    { css: BUTTON, name: '^(new|clear) chat' },
    {
      css: `${BUTTON}, a`,
      name: '^(new|clear|start|create)\\b.*\\b(chat|conversation|prompt)$',
      place: 'top',
    },
    {
      css: BUTTON,
      icon: '^(add|edit_square|add_comment|add_2|chat_add_on|new_window)$',
      place: 'top',
    },
  ],
  discardConfirm: [
    {
      css: '.mat-mdc-dialog-inner-container button.ms-button-primary',
      name: '^(discard and continue|continue)$',
    },
    { css: DIALOG_BUTTON, name: '^discard\\b' },
    { css: DIALOG_BUTTON, name: '^continue$' },
    // "Unsaved Changes" (page.md §8)
    { css: DIALOG_BUTTON, name: '^leave\\b' },
  ],
  temporaryChat: [
    'ms-incognito-mode-toggle > button',
    'button[data-test-incognito-toggle]',
    'button[aria-label="Temporary chat toggle"]',
    'button[aria-label="Toggle temporary chat"]',
    { css: `${BUTTON}, ${SWITCH}`, name: 'temporary chat' },
    { css: `${BUTTON}, ${SWITCH}`, name: '\\bincognito\\b' },
  ],
  temporaryChatMark: [
    'ms-incognito-mode-indicator',
    'ms-incognito-mode-toggle > button.ms-button-active',
    '.incognito-container',
    '[data-test-incognito-checkmark]',
  ],
  moreActions: [
    'button[aria-label="View more actions"]',
    { css: '.toolbar-right button, ms-toolbar button', name: 'more actions' },
    { css: BUTTON, name: '^(view )?more (actions|options)', place: 'top' },
    { css: BUTTON, icon: '^more_(vert|horiz)$', place: 'top' },
  ],
  temporaryChatItem: [
    '[role="menu"] button[data-test-incognito-toggle]',
    { css: MENU_ITEM, name: 'temporary chat' },
  ],

  // Answers as their source (page.md §5.1)
  rawModeItem: [
    '[role="menu"] button[data-test-raw-mode]',
    { css: '[role="menu"] [role="menuitem"], [role="menu"] button', name: '^raw mode' },
  ],
  rawModeMark: [
    '[data-test-raw-mode-checkmark]',
    'mat-pseudo-checkbox.mat-pseudo-checkbox-checked',
  ],

  // Run settings (page.md §6)
  runSettings: ['ms-run-settings', 'ms-right-side-panel .settings-items-wrapper'],
  openRunSettings: [
    'button[aria-label="Toggle run settings panel"]',
    'button.runsettings-toggle-button',
    { css: BUTTON, name: '^(toggle|open|show|expand) run settings' },
    {
      css: BUTTON,
      name: '^(toggle|open|show|expand)\\b.*\\bsettings|^(run|model) settings( panel)?$',
      place: 'top',
    },
    {
      css: BUTTON,
      icon: '^(tune|settings_panel|right_panel_open|dock_to_left|page_info)$',
      place: 'top',
    },
  ],
  closeRunSettings: [
    'button[aria-label="Close run settings panel"]',
    'ms-right-side-panel button[iconname="close"]',
    { css: 'ms-right-side-panel button, ms-run-settings button', name: '^close\\b' },
  ],
  expandTools: [
    'button[aria-label="Expand or collapse tools"]',
    { css: BUTTON, name: 'expand.*\\btools\\b' },
    { css: EXPANDER, name: '\\btools$' },
    { css: BUTTON, icon: '^expand_(more|less)$', near: '^tools$' },
  ],
  expandAdvanced: [
    'button[aria-label="Expand or collapse advanced settings"]',
    { css: BUTTON, name: 'expand.*\\badvanced' },
    { css: EXPANDER, name: '\\badvanced( settings)?$' },
    { css: BUTTON, icon: '^expand_(more|less)$', near: '\\badvanced settings$' },
  ],
  modelTrigger: [
    'button.model-selector-trigger[aria-label="Select primary model"]',
    'button.model-selector-card',
    'ms-model-selector-v3 button',
    'ms-model-selector button',
    'mat-select[data-test-ms-model-selector]',
    { css: `${BUTTON}, ${LIST}`, name: '^select (primary )?model|^model\\b' },
    'button[class*="model-selector"], [class*="model-selector"] button',
    { css: `${BUTTON}, ${LIST}`, text: '\\bgemini-\\d[\\w.-]+', place: 'right' },
  ],
  // Why a row cannot be picked, sought inside its host.
  modelRowNotice: ['ms-model-carousel-row .deprecation-notice, ms-model-carousel-row .badge'],
  // The page wants a paid API key for the model (page.md §4).
  paidNotice: [
    'ms-paid-api-key-callout .api-callout-container ms-callout',
    'ms-paid-api-key-callout ms-callout',
  ],
  modelName: [
    'ms-model-selector [data-test-id="model-name"]',
    'button.model-selector-card [data-test-id="model-name"]',
    // Rows of the list have the same mark.
    '[data-test-id="model-name"]:not(ms-model-carousel-row *, .content-button *, .cdk-overlay-container *)',
    {
      css: ':is(span, div, p):not(:has(*))',
      text: '^(models/)?(gemini|gemma|learnlm)-[\\w.-]+$',
      place: 'right',
    },
  ],
  modelTitle: [
    'button.model-selector-trigger .title',
    'button.model-selector-card .title',
    'mat-select[data-test-ms-model-selector] .mat-mdc-select-value-text',
    { css: BUTTON, name: '^select (primary )?model' },
  ],
  modelSearch: [
    '.ms-sliding-right-panel-dialog input[aria-label="Search"]',
    'mat-dialog-container input[aria-label="Search"]',
    { css: `${IN_DIALOG} input`, name: 'search' },
    'input[placeholder^="Search for a model"]',
    { css: 'input', name: '^search (for )?(a )?models?' },
  ],
  modelRow: [
    'button.content-button[id="model-carousel-row-models/{}"]',
    '[id="model-carousel-row-models/{}"]',
    '[id$="models/{}"]',
    {
      css: '.model-options-container button, [role="dialog"] button, mat-option',
      name: '\\b{}\\b',
    },
  ],
  // A row that is listed and cannot be chosen: it takes no clicks (page.md §6.1).
  disabledRow: [
    'ms-model-carousel-row.disabled, ms-model-carousel-row.disabled *',
    'button.content-button[aria-disabled="true"], button.content-button:disabled',
  ],
  switchModelDialog: [
    {
      css: DIALOG,
      text: '^\\s*switch model|switching to this model',
    },
  ],
  switchModelConfirm: [
    {
      css: DIALOG_BUTTON,
      name: '^(continue|switch|confirm)',
    },
    'mat-dialog-container button.ms-button-primary',
  ],
  switchModelCancel: [{ css: DIALOG_BUTTON, name: '^cancel' }],
  systemCard: [
    'button[data-test-system-instructions-card]',
    'button[aria-label="System instructions"]',
    '.system-instructions-card',
    { css: BUTTON, name: '\\bsystem instructions' },
    { css: BUTTON, text: '^\\s*system (instructions|prompt)' },
    { css: BUTTON, near: '\\bsystem instructions' },
  ],
  systemInput: [
    'ms-system-instructions textarea[aria-label="System instructions"]',
    'textarea[aria-label="System instructions"]',
    'textarea.in-run-settings',
    { css: 'textarea', name: '\\bsystem instructions' },
    { css: TEXT_FIELD, name: '^system (instructions|prompt)' },
    { css: TEXT_FIELD, near: '\\bsystem instructions' },
  ],
  temperature: [
    'div[data-test-id="temperatureSliderContainer"] input[type="number"]',
    'ms-slider input.slider-number-input[max="2"]',
    'ms-slider input[aria-valuemax="2"]',
    { css: NUMBER, name: '\\btemperature' },
    { css: NUMBER, near: '\\btemperature' },
    { css: ANY_NUMBER, near: '\\btemperature' },
  ],
  topP: [
    'ms-slider[title*="Top P"] input[type="number"]',
    { css: NUMBER, name: '\\btop[- ]?p\\b' },
    { css: NUMBER, near: '^top[- ]?p\\b' },
    'ms-slider input.slider-number-input[max="1"]',
    'ms-slider input[aria-valuemax="1"]',
    { css: ANY_NUMBER, near: '^top[- ]?p\\b' },
  ],
  maxOutputTokens: [
    'input[aria-label="Maximum output tokens"]',
    '.output-length input',
    { css: NUMBER, name: '\\b(maximum output|output length)' },
    { css: NUMBER, near: '\\boutput length' },
    { css: NUMBER, name: '\\bmax\\w*\\b.*\\btokens|output length' },
    { css: ANY_NUMBER, near: '^(output length|max\\w*( output)? tokens)' },
  ],
  stopInput: [
    'ms-stop-sequence-input input#chip-input',
    'input[aria-label="Add stop sequence"]',
    'input[aria-label="Add stop token"]',
    'ms-stop-sequence-input input',
    { css: 'input', name: '\\badd stop' },
    { css: 'input', near: '\\bstop sequence' },
    { css: 'input', name: '\\bstop (sequence|token)' },
  ],
  stopRemove: [
    'ms-stop-sequence-input button.remove-button',
    'ms-stop-sequence-input [aria-label^="Remove "]',
    { css: 'mat-chip-row button, mat-chip button', name: '^remove ' },
    {
      css: ':is([role="row"], [role="gridcell"], [class*="chip"]) :is(button, [role="button"])',
      name: '^(remove|delete)\\b',
      near: '\\bstop sequence',
    },
    { css: '[role="row"] button, [role="gridcell"] button', name: '^(remove|delete) ' },
  ],
  closePanel: [
    'button[data-test-close-button][aria-label="Close panel"]',
    'button[aria-label="Close panel"]',
    { css: DIALOG_BUTTON, name: '^close\\b' },
  ],

  // Thinking (page.md §6.4)
  thinking: [
    'button[role="switch"][aria-label="Toggle thinking mode"]',
    'mat-slide-toggle[data-test-toggle="enable-thinking"] button',
    { css: SWITCH, name: 'thinking mode' },
    { css: SWITCH, near: '^thinking mode' },
  ],
  manualBudget: [
    'button[role="switch"][aria-label="Toggle thinking budget between auto and manual"]',
    'mat-slide-toggle[data-test-toggle="manual-budget"] button',
    '[data-test-toggle="manual-budget"] button',
    { css: SWITCH, name: 'thinking budget' },
    { css: SWITCH, near: '^(set )?thinking budget' },
  ],
  thinkingBudget: [
    '[data-test-id="user-setting-budget-animation-wrapper"] input[type="number"]',
    'ms-thinking-budget-setting input[type="number"]',
    'ms-slider[data-test-slider] input[type="number"]',
    { css: NUMBER, name: 'thinking budget' },
    { css: NUMBER, near: 'thinking budget' },
    { css: ANY_NUMBER, near: 'thinking budget' },
  ],
  thinkingLevel: [
    'ms-thinking-level-setting mat-select',
    'mat-select[aria-label="Thinking Level"]',
    'mat-select[aria-label="Thinking level"]',
    { css: LIST, name: '\\bthinking level' },
    { css: LIST, near: '\\bthinking level' },
  ],
  selectOption: ['mat-option', '[role="listbox"] [role="option"]', '[role="option"]'],

  // Tools (page.md §6.5–6.7)
  structuredOutput: [
    '[data-test-id="structuredOutputTooltip"] button[role="switch"]',
    '.structured-output-toggle button[role="switch"]',
    { css: SWITCH, name: '\\bstructured outputs?' },
    { css: SWITCH, near: '\\bstructured outputs?' },
  ],
  codeExecution: [
    '[data-test-id="codeExecutionTooltip"] button[role="switch"]',
    '.code-execution-toggle button[role="switch"]',
    { css: SWITCH, name: '\\bcode execution' },
    { css: SWITCH, near: '\\bcode execution' },
  ],
  functionCalling: [
    '[data-test-id="functionCallingTooltip"] button[role="switch"]',
    '.function-calling-toggle button[role="switch"]',
    { css: SWITCH, name: '\\bfunction calling' },
    { css: SWITCH, near: '\\bfunction calling' },
  ],
  googleSearch: [
    '[data-test-id="searchAsAToolTooltip"] button[role="switch"]',
    '.search-as-a-tool-toggle button[role="switch"]',
    { css: SWITCH, name: 'google search' },
    { css: SWITCH, near: '^(grounding with )?google search' },
  ],
  urlContext: [
    '[data-test-id="browseAsAToolTooltip"] button[role="switch"]',
    'ms-browse-as-a-tool button[role="switch"]',
    { css: SWITCH, name: 'url context' },
    { css: SWITCH, near: '\\burl context' },
  ],
  googleMaps: [
    '[data-test-id="googleMapsTooltip"] button[role="switch"]',
    '.google-maps-toggle button[role="switch"]',
    { css: SWITCH, name: 'google maps' },
    { css: SWITCH, near: '^(grounding with )?google maps' },
  ],
  editFunctions: [
    'button.edit-function-declarations-button',
    'button[aria-label="Edit function declarations"]',
    { css: BUTTON, name: '^edit function' },
    { css: PLAIN_BUTTON, name: '^edit\\b', near: '\\bfunction calling' },
  ],
  editSchema: [
    '[data-test-id="editJsonSchemaButton"]',
    'button[aria-label="Edit JSON schema"]',
    '.edit-schema-button',
    '[data-test-id="structuredOutputTooltip"] button:not([role="switch"])',
    { css: BUTTON, name: '^edit (json )?schema' },
    { css: PLAIN_BUTTON, name: '^edit\\b', near: '\\bstructured outputs?' },
  ],
  codeEditorTab: [
    {
      css: 'mat-dialog-container [role="tab"], [role="dialog"] [role="tab"]',
      name: '^code editor',
    },
    { css: '[role="tab"]', name: '^code' },
  ],
  editorInput: [
    'ms-edit-function-declarations-dialog ms-text-editor textarea',
    '.ms-sliding-right-panel-dialog textarea',
    'mat-dialog-container ms-text-editor textarea',
    'mat-dialog-container textarea',
    '[role="dialog"] textarea',
    DIALOG_FIELD,
  ],
  editorSave: [
    'button[aria-label="Save the current function declarations"]',
    {
      css: `mat-dialog-actions button, ${DIALOG_BUTTON}`,
      name: '^(save|apply|done)\\b',
    },
  ],

  // What shows who is signed in, and the names of chats: nobody else may see it (page.md §8).
  account: [
    'ms-navbar-v2, ms-navbar',
    'nav',
    'ms-account-switcher, [class*="account-switcher"]',
    '.page-title, .mode-title',
  ],
  attachedMedia: ['ms-prompt-media', '.multi-media-row', '[class*="media-item"]'],

  // What can stand in the way (page.md §8)
  backdrop: [
    '.cdk-overlay-backdrop.cdk-overlay-backdrop-showing',
    '.dialog-backdrop-blur-overlay',
    'ms-omnibar .overlay-backdrop',
  ],
  // Never `ms-sliding-right-panel`: that host is always there and empty, what it shows is a dialog.
  dialog: [
    'mat-dialog-container',
    '.mat-mdc-dialog-inner-container',
    '.ms-sliding-right-panel-dialog',
    '[role="dialog"]',
    DIALOG,
  ],
  driveDialog: [
    {
      css: DIALOG,
      text: 'save your (conversations in|chats to) google drive',
    },
  ],
  driveCancel: [
    {
      css: DIALOG_BUTTON,
      name: '^cancel and use temporary',
    },
    {
      css: DIALOG_BUTTON,
      name: '^(cancel|not now|no thanks)',
    },
  ],
  mediaConsent: [
    { css: DIALOG, text: 'start creating with media' },
    { css: DIALOG, text: 'copyright' },
  ],
  mediaAcknowledge: [
    {
      css: DIALOG_BUTTON,
      name: '^(acknowledge|i agree|agree|i understand)|copyright',
    },
    {
      css: DIALOG_BUTTON,
      name: '^(allow|continue|ok|confirm|yes)$',
    },
  ],
  termsDialog: [
    {
      css: 'mat-dialog-container:has(input[type="checkbox"], [role="checkbox"], mat-checkbox)',
      text: 'terms',
    },
    {
      css: '[role="dialog"]:has(input[type="checkbox"], [role="checkbox"])',
      text: 'terms',
    },
    { css: DIALOG, text: 'terms of service' },
  ],
  noticeDialog: [{ css: DIALOG, text: '.' }],
  noticeAnswer: [
    {
      css: DIALOG_BUTTON,
      name: '^(got it|ok|okay|dismiss|close|not now|skip|no thanks|maybe later|i understand|understood|verstanden|schließen|nicht jetzt|nein,? danke|später)$',
    },
  ],
  welcomeDialog: ['.welcome-option', { css: DIALOG, text: '\\bwelcome\\b|get started' }],
  welcomeAnswer: [
    '.welcome-option button[aria-label="Try Gemini"]',
    {
      css: `.welcome-option button, ${DIALOG_BUTTON}`,
      name: '^(try gemini|get started|got it|dismiss|not now|skip|close|continue|accept)',
    },
  ],
  paidUsageDialog: ['ms-paid-usage-dialog'],
  paidUsageClose: [
    'ms-paid-usage-dialog button[aria-label="close" i]',
    'ms-paid-usage-dialog button',
  ],
  deleteDialog: ['ms-prompt-delete-confirmation-dialog'],
  discardDialog: [
    'ms-unsaved-changes-dialog',
    {
      css: DIALOG,
      text: 'discard|unsaved|^\\s*create a new chat|current prompt will be deleted',
    },
  ],
  discardCancel: [{ css: DIALOG_BUTTON, name: '^(cancel|keep|stay)' }],
  preferenceVote: [
    'button[data-test-id="skip-button"]',
    'button[aria-label="Skip preference vote"]',
  ],
  cookieBar: ['.glue-cookie-notification-bar__reject'],
  // Bars and cards that lie over the page and want to be read once.
  consentBar: [
    {
      css: '[class*="consent"] button, [class*="disclaimer"] button, ms-global-banner button, [role="region"] button, [role="alert"] button',
      name: '^(understood|got it|i understand|verstanden|alles klar)$',
    },
    { css: BUTTON, name: '^(understood|verstanden)$' },
  ],
  promo: [
    {
      css: '[class*="promo"] button, ms-promo button, ms-feature-callout button, [class*="coach-mark"] button',
      name: '^(close|dismiss|got it|no thanks|not now|skip|maybe later|schließen|nein,? danke|später)$',
    },
  ],
  omnibar: ['ms-omnibar .overlay-backdrop', 'ms-omnibar input'],
  inlineDialog: ['xap-inline-dialog-container', '.xap-inline-dialog-container', '.tools-dialog'],
  survey: ['iframe[id*="google-hats-survey"]', 'iframe[src*="google_hats"]'],
  menu: ['.cdk-overlay-container [role="menu"]', '.cdk-overlay-container [role="listbox"]'],
  slidingPanel: [
    '.ms-sliding-right-panel-dialog',
    'mat-dialog-container:has(button[data-test-close-button])',
    'ms-sliding-right-panel:has(button[aria-label="Close panel"])',
  ],
} as const satisfies Record<string, Alternates>;

/** The name of an element of the page. */
export type ElementName = keyof typeof selectors;

/** All of them, in the order of the table. */
export const ELEMENT_NAMES: readonly ElementName[] = Object.keys(selectors).filter(
  (key): key is ElementName => key in selectors,
);
