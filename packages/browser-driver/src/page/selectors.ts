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
}

/** The ways to find one element, best first. `{}` in CSS stands for a value, for example a model id. */
export type Alternates = readonly (string | Locator)[];

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
  ],
  runButton: [
    'ms-run-button button.ctrl-enter-submits',
    'ms-run-button button[type="submit"].ms-button-primary',
    'ms-run-button button',
    'ms-stop-button button',
    'button[aria-label="Run"].run-button',
    'run-button button',
    { css: 'button', name: '^run\\s*(ctrl|cmd|⌘|$)|^stop( generat\\w+| response)?$' },
  ],
  stopMark: [
    'ms-stop-button button',
    'ms-run-button .stoppable-spinner, ms-run-button .stoppable-stop, ms-run-button .spin',
    'ms-run-button button.stoppable',
    'run-button .stoppable-spinner, button.run-button .stoppable-spinner',
    { css: 'ms-run-button button, button.run-button', name: '\\bstop\\b|^cancel' },
    { css: 'button', name: '^stop( generat\\w+| response)?$' }, // not "Stop editing"
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
    { css: 'button', name: '^insert (assets|images|media|files)' },
  ],
  uploadItem: [
    'button.upload-file-menu-item',
    { css: '[role="menu"] [role="menuitem"], [role="menu"] button', name: '^upload (a )?files?' },
  ],
  fileInput: [
    'input[type="file"][data-test-upload-file-input]',
    'input[type="file"].file-input',
    'input[type="file"]',
  ],
  removeMedia: [
    'ms-prompt-box button[aria-label="Remove media"]',
    'button[aria-label="Remove media"]',
    { css: 'button', name: '^remove (media|file|image)' },
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
    { css: 'button', name: '^(good|bad) response' },
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
    { css: '[role="menu"] [role="menuitem"], [role="menu"] button', name: '^copy (as )?markdown' },
  ],

  // New chat (page.md §8)
  newChat: [
    'button[data-test-clear="outside"][aria-label="New chat"]',
    'button[aria-label="New chat"]',
    'button[aria-label="Clear chat"]',
    { css: 'button', name: '^(new|clear) chat' },
  ],
  discardConfirm: [
    {
      css: '.mat-mdc-dialog-inner-container button.ms-button-primary',
      name: '^(discard and continue|continue)$',
    },
    { css: '[role="dialog"] button, mat-dialog-container button', name: '^discard\\b' },
    { css: '[role="dialog"] button, mat-dialog-container button', name: '^continue$' },
    // "Unsaved Changes" (page.md §8)
    { css: '[role="dialog"] button, mat-dialog-container button', name: '^leave\\b' },
  ],
  temporaryChat: [
    'ms-incognito-mode-toggle > button',
    'button[data-test-incognito-toggle]',
    'button[aria-label="Temporary chat toggle"]',
    'button[aria-label="Toggle temporary chat"]',
    { css: 'button, [role="switch"]', name: 'temporary chat' },
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
  ],
  temporaryChatItem: [
    '[role="menu"] button[data-test-incognito-toggle]',
    { css: '[role="menu"] [role="menuitem"], [role="menu"] button', name: 'temporary chat' },
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
    { css: 'button', name: '^(toggle|open|show|expand) run settings' },
  ],
  closeRunSettings: [
    'button[aria-label="Close run settings panel"]',
    'ms-right-side-panel button[iconname="close"]',
    { css: 'ms-right-side-panel button, ms-run-settings button', name: '^close\\b' },
  ],
  expandTools: [
    'button[aria-label="Expand or collapse tools"]',
    { css: 'button', name: 'expand.*\\btools\\b' },
  ],
  expandAdvanced: [
    'button[aria-label="Expand or collapse advanced settings"]',
    { css: 'button', name: 'expand.*\\badvanced' },
  ],
  modelTrigger: [
    'button.model-selector-trigger[aria-label="Select primary model"]',
    'button.model-selector-card',
    'ms-model-selector-v3 button',
    'ms-model-selector button',
    'mat-select[data-test-ms-model-selector]',
    { css: 'button, [role="combobox"]', name: '^select (primary )?model|^model\\b' },
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
  ],
  modelTitle: [
    'button.model-selector-trigger .title',
    'button.model-selector-card .title',
    'mat-select[data-test-ms-model-selector] .mat-mdc-select-value-text',
    { css: 'button', name: '^select (primary )?model' },
  ],
  modelSearch: [
    '.ms-sliding-right-panel-dialog input[aria-label="Search"]',
    'mat-dialog-container input[aria-label="Search"]',
    { css: '[role="dialog"] input, mat-dialog-container input', name: 'search' },
    'input[placeholder^="Search for a model"]',
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
      css: 'mat-dialog-container, [role="dialog"]',
      text: '^\\s*switch model|switching to this model',
    },
  ],
  switchModelConfirm: [
    {
      css: 'mat-dialog-container button, [role="dialog"] button',
      name: '^(continue|switch|confirm)',
    },
    'mat-dialog-container button.ms-button-primary',
  ],
  switchModelCancel: [
    { css: 'mat-dialog-container button, [role="dialog"] button', name: '^cancel' },
  ],
  systemCard: [
    'button[data-test-system-instructions-card]',
    'button[aria-label="System instructions"]',
    '.system-instructions-card',
    { css: 'button', name: '^system instructions' },
  ],
  systemInput: [
    'ms-system-instructions textarea[aria-label="System instructions"]',
    'textarea[aria-label="System instructions"]',
    'textarea.in-run-settings',
    { css: 'textarea', name: '^system instructions' },
  ],
  temperature: [
    'div[data-test-id="temperatureSliderContainer"] input[type="number"]',
    'ms-slider input.slider-number-input[max="2"]',
    'ms-slider input[aria-valuemax="2"]',
    { css: 'input[type="number"], [role="spinbutton"]', name: '^temperature' },
    { css: 'input[type="number"], [role="spinbutton"]', near: '^temperature' },
  ],
  topP: [
    'ms-slider[title*="Top P"] input[type="number"]',
    { css: 'input[type="number"], [role="spinbutton"]', name: '^top[- ]?p\\b' },
    { css: 'input[type="number"], [role="spinbutton"]', near: '^top[- ]?p\\b' },
    'ms-slider input.slider-number-input[max="1"]',
    'ms-slider input[aria-valuemax="1"]',
  ],
  maxOutputTokens: [
    'input[aria-label="Maximum output tokens"]',
    '.output-length input',
    { css: 'input[type="number"], [role="spinbutton"]', name: '^(maximum output|output length)' },
    { css: 'input[type="number"], [role="spinbutton"]', near: '^output length' },
  ],
  stopInput: [
    'ms-stop-sequence-input input#chip-input',
    'input[aria-label="Add stop sequence"]',
    'input[aria-label="Add stop token"]',
    'ms-stop-sequence-input input',
    { css: 'input', name: '^add stop' },
    { css: 'input', near: '^stop sequence' },
  ],
  stopRemove: [
    'ms-stop-sequence-input button.remove-button',
    'ms-stop-sequence-input [aria-label^="Remove "]',
    { css: 'mat-chip-row button, mat-chip button', name: '^remove ' },
  ],
  closePanel: [
    'button[data-test-close-button][aria-label="Close panel"]',
    'button[aria-label="Close panel"]',
    { css: '[role="dialog"] button, mat-dialog-container button', name: '^close\\b' },
  ],

  // Thinking (page.md §6.4)
  thinking: [
    'button[role="switch"][aria-label="Toggle thinking mode"]',
    'mat-slide-toggle[data-test-toggle="enable-thinking"] button',
    { css: '[role="switch"]', name: 'thinking mode' },
  ],
  manualBudget: [
    'button[role="switch"][aria-label="Toggle thinking budget between auto and manual"]',
    'mat-slide-toggle[data-test-toggle="manual-budget"] button',
    '[data-test-toggle="manual-budget"] button',
    { css: '[role="switch"]', name: 'thinking budget' },
  ],
  thinkingBudget: [
    '[data-test-id="user-setting-budget-animation-wrapper"] input[type="number"]',
    'ms-thinking-budget-setting input[type="number"]',
    'ms-slider[data-test-slider] input[type="number"]',
    { css: 'input[type="number"], [role="spinbutton"]', name: 'thinking budget' },
    { css: 'input[type="number"], [role="spinbutton"]', near: 'thinking budget' },
  ],
  thinkingLevel: [
    'ms-thinking-level-setting mat-select',
    'mat-select[aria-label="Thinking Level"]',
    'mat-select[aria-label="Thinking level"]',
    { css: 'mat-select, [role="combobox"]', name: '^thinking level' },
    { css: 'mat-select, [role="combobox"]', near: '^thinking level' },
  ],
  selectOption: ['mat-option', '[role="listbox"] [role="option"]', '[role="option"]'],

  // Tools (page.md §6.5–6.7)
  structuredOutput: [
    '[data-test-id="structuredOutputTooltip"] button[role="switch"]',
    '.structured-output-toggle button[role="switch"]',
    { css: '[role="switch"]', name: '^structured outputs?' },
  ],
  codeExecution: [
    '[data-test-id="codeExecutionTooltip"] button[role="switch"]',
    '.code-execution-toggle button[role="switch"]',
    { css: '[role="switch"]', name: '^code execution' },
  ],
  functionCalling: [
    '[data-test-id="functionCallingTooltip"] button[role="switch"]',
    '.function-calling-toggle button[role="switch"]',
    { css: '[role="switch"]', name: '^function calling' },
  ],
  googleSearch: [
    '[data-test-id="searchAsAToolTooltip"] button[role="switch"]',
    '.search-as-a-tool-toggle button[role="switch"]',
    { css: '[role="switch"]', name: 'google search' },
  ],
  urlContext: [
    '[data-test-id="browseAsAToolTooltip"] button[role="switch"]',
    'ms-browse-as-a-tool button[role="switch"]',
    { css: '[role="switch"]', name: 'url context' },
  ],
  googleMaps: [
    '[data-test-id="googleMapsTooltip"] button[role="switch"]',
    '.google-maps-toggle button[role="switch"]',
    { css: '[role="switch"]', name: 'google maps' },
  ],
  editFunctions: [
    'button.edit-function-declarations-button',
    'button[aria-label="Edit function declarations"]',
    { css: 'button', name: '^edit function' },
  ],
  editSchema: [
    '[data-test-id="editJsonSchemaButton"]',
    'button[aria-label="Edit JSON schema"]',
    '.edit-schema-button',
    '[data-test-id="structuredOutputTooltip"] button:not([role="switch"])',
    { css: 'button', name: '^edit (json )?schema' },
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
  ],
  editorSave: [
    'button[aria-label="Save the current function declarations"]',
    {
      css: 'mat-dialog-actions button, mat-dialog-container button, [role="dialog"] button',
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
  ],
  driveDialog: [
    {
      css: 'mat-dialog-container, [role="dialog"]',
      text: 'save your (conversations in|chats to) google drive',
    },
  ],
  driveCancel: [
    {
      css: 'mat-dialog-container button, [role="dialog"] button',
      name: '^cancel and use temporary',
    },
    {
      css: 'mat-dialog-container button, [role="dialog"] button',
      name: '^(cancel|not now|no thanks)',
    },
  ],
  mediaConsent: [
    { css: 'mat-dialog-container, [role="dialog"]', text: 'start creating with media' },
    { css: 'mat-dialog-container, [role="dialog"]', text: 'copyright' },
  ],
  mediaAcknowledge: [
    {
      css: 'mat-dialog-container button, [role="dialog"] button',
      name: '^(acknowledge|i agree|agree|i understand)|copyright',
    },
    {
      css: 'mat-dialog-container button, [role="dialog"] button',
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
    { css: 'mat-dialog-container, [role="dialog"]', text: 'terms of service' },
  ],
  noticeDialog: [{ css: 'mat-dialog-container, [role="dialog"]', text: '.' }],
  noticeAnswer: [
    {
      css: 'mat-dialog-container button, [role="dialog"] button',
      name: '^(got it|ok|okay|dismiss|close|not now|skip|no thanks|maybe later|i understand|understood|verstanden|schließen|nicht jetzt|nein,? danke|später)$',
    },
  ],
  welcomeDialog: [
    '.welcome-option',
    { css: 'mat-dialog-container, [role="dialog"]', text: '\\bwelcome\\b|get started' },
  ],
  welcomeAnswer: [
    '.welcome-option button[aria-label="Try Gemini"]',
    {
      css: '.welcome-option button, mat-dialog-container button, [role="dialog"] button',
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
      css: 'mat-dialog-container, [role="dialog"]',
      text: 'discard|unsaved|^\\s*create a new chat|current prompt will be deleted',
    },
  ],
  discardCancel: [
    { css: 'mat-dialog-container button, [role="dialog"] button', name: '^(cancel|keep|stay)' },
  ],
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
    { css: 'button', name: '^(understood|verstanden)$' },
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
