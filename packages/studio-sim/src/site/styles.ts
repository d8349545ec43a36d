/** The page's look: a tidy dark studio. Only tests and people see it, so it is kept short. */
export const STYLES = `
:root { --bg:#131314; --surface:#1b1c1d; --raised:#28292a; --line:#37393b; --text:#e3e3e3; --dim:#9aa0a6; --accent:#a8c7fa; --warn:#f2b8b5; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { margin: 0; height: 100%; background: var(--bg); color: var(--text); font: 14px/20px 'Google Sans Text', Inter, 'Liberation Sans', Arial, sans-serif; }
button, input, textarea, select { font: inherit; color: inherit; }
button { background: none; border: 0; border-radius: 8px; padding: 6px 10px; cursor: pointer; display: inline-flex; align-items: center; gap: 6px; }
button:hover { background: var(--raised); }
button:disabled, button[aria-disabled="true"] { opacity: .45; cursor: default; }
a { color: var(--accent); }
input, textarea { background: var(--bg); border: 1px solid var(--line); border-radius: 8px; padding: 6px 10px; outline: none; }
input:focus, textarea:focus { border-color: var(--accent); }
.material-symbols-outlined { font-size: 0; line-height: 0; display: inline-block; width: 18px; height: 18px; flex: none; }
.material-symbols-outlined svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.cdk-visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
app-root { display: block; height: 100%; }
body > .glue-cookie-notification-bar + app-root { height: 100%; }
ms-app, ms-prompt-renderer, ms-global-banner, ms-omnibar { display: contents; }
.banner-and-app-container { display: flex; flex-direction: column; height: 100%; }
.skip-content { position: absolute; left: -9999px; }
.makersuite-layout { flex: 1; min-height: 0; display: flex; }
.sidebar-overlay { display: none; }
ms-navbar, ms-navbar-v2 { display: block; width: 216px; flex: none; background: var(--surface); border-right: 1px solid var(--line); }
.nav-content { height: 100%; display: flex; flex-direction: column; padding: 10px; overflow: hidden; }
.navbar-header { display: flex; justify-content: space-between; align-items: center; }
.ms-custom-icon { display: inline-block; width: 18px; height: 18px; border-radius: 9px; background: var(--accent); }
.flat-left-nav { display: flex; flex-direction: column; }
.section-header { color: var(--dim); font-size: 12px; padding: 10px 8px 2px; }
nav a { display: flex; gap: 12px; align-items: center; padding: 5px 8px; color: var(--text); text-decoration: none; border-radius: 8px; }
nav a.active, nav a:hover { background: var(--raised); }
.empty-space { flex: 1; }
.upgrade-card { display: flex; flex-direction: column; align-items: flex-start; background: var(--raised); width: 100%; text-align: left; }
.icon-button-row { display: flex; justify-content: space-between; padding: 6px 0; }
.account-switcher-container { display: flex; align-items: center; }
.account-switcher-button { flex: 1; min-width: 0; overflow: hidden; font-size: 12px; background: none; color: var(--text); }
.account-switcher-container .button-container { width: 28px; height: 28px; border-radius: 14px; background: var(--raised); }
.layout-wrapper { flex: 1; min-width: 0; display: flex; }
.layout-main { flex: 1; min-width: 0; display: flex; outline: none; }
.router-outlet-wrapper { flex: 1; min-width: 0; display: flex; }
ms-chunk-editor { flex: 1; min-width: 0; display: flex; position: relative; }
.chunk-editor-main { flex: 1; min-width: 0; display: flex; flex-direction: column; }
ms-playground-toolbar, ms-toolbar { display: block; }
ms-header, .toolbar-container { display: flex; justify-content: space-between; align-items: center; height: 56px; padding: 0 16px; }
.toolbar-left, .toolbar-right, .title-tokencount-container, .toggles-container { display: flex; gap: 6px; align-items: center; }
.token-container { margin: 0 0 0 10px; }
.mode-title { font-size: 18px; font-weight: 500; margin: 0; }
ms-paid-api-key-callout { display: block; padding: 0 24px; }
.chat-container { flex: 1; min-height: 0; display: flex; }
.chat-view-container { flex: 1; min-width: 0; min-height: 0; display: flex; flex-direction: column; position: relative; }
ms-chat-session { flex: 1; min-height: 0; display: flex; flex-direction: column; }
ms-autoscroll-container { flex: 1; min-height: 0; overflow-y: auto; display: block; padding: 8px max(24px, calc(50% - 420px)) 24px; }
footer { padding: 0 max(24px, calc(50% - 420px)) 20px; }
ms-prompt-box { display: block; position: relative; }
.prompt-box-container { background: var(--surface); border: 1px solid var(--line); border-radius: 20px; padding: 12px 14px; }
.text-wrapper, ms-autosize-textarea { display: block; width: 100%; }
.text-wrapper textarea { width: 100%; border: 0; background: none; resize: none; padding: 4px; min-height: 32px; max-height: 210px; }
.buttons-row { display: flex; justify-content: space-between; align-items: center; gap: 8px; margin-top: 6px; }
.button-row-left, .button-wrapper, ms-prompt-box-tools, ms-add-media-button { display: flex; align-items: center; gap: 6px; min-width: 0; }
.file-input { display: none; }
ms-horizontal-scroll, .scroll-container { display: flex; align-items: center; min-width: 0; overflow: hidden; }
.chevron-btn { display: none; }
.content-container { display: flex; }
.enabled-tool { display: flex; align-items: center; border: 1px solid var(--line); border-radius: 14px; font-size: 12px; }
.tool-chip-button { padding: 2px 4px 2px 8px; white-space: nowrap; }
.button-row-left .ms-button-primary { background: none; color: var(--text); padding: 6px 8px; } .button-row-left .ms-button-primary:hover { background: var(--raised); }
.tools-dialog { background: var(--raised); border-radius: 12px; padding: 12px; min-width: 280px; box-shadow: 0 8px 30px rgb(0 0 0 / .5); }
.tool-item { display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 6px 0; }
ms-token-count { color: var(--dim); font-size: 12px; }
.ms-button-primary { background: var(--accent); color: #062e6f; border-radius: 16px; padding: 6px 14px; font-weight: 500; white-space: nowrap; }
.ms-button-primary:hover { background: #c2d7fb; }
.ms-button-secondary { border: 1px solid var(--line); border-radius: 16px; padding: 6px 14px; }
.ms-button-icon { padding: 6px; }
.secondary-key { opacity: .7; font-size: 12px; }
.spin svg { animation: spin 1s linear infinite; }
@keyframes spin { to { transform: rotate(360deg); } }
ms-zero-state { display: block; margin: auto; width: min(720px, 92%); }
.header-row { display: flex; justify-content: space-between; align-items: center; }
.carousel-title { font-weight: 400; font-size: 24px; line-height: 32px; }
.toggle-group { display: flex; } .toggle-button[aria-checked="true"] { background: var(--raised); }
.category-grid { display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px; margin: 10px 0; }
.category-card { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 14px; flex-direction: column; align-items: flex-start; text-align: left; }
.card-header { display: flex; gap: 8px; align-items: center; } .card-title { font-size: 14px; font-weight: 500; margin: 0; }
.card-description { color: var(--dim); font-size: 12px; margin: 0; }
.incognito-container { margin: auto; text-align: center; max-width: 420px; color: var(--dim); } .incognito-container .title { font-size: 20px; color: var(--text); }
ms-chat-turn { display: block; padding: 10px 0; position: relative; }
.chat-turn-container, .turn-container { display: block; position: relative; }
.user-prompt-container .turn-content { background: var(--surface); border-radius: 16px; padding: 10px 16px; }
.actions-container { position: absolute; right: 6px; top: -6px; display: flex; z-index: 1; }
.hover-or-edit, ms-chat-turn-options { opacity: 0; pointer-events: none; }
ms-chat-turn.hovered .hover-or-edit, ms-chat-turn.hovered ms-chat-turn-options, .actions-container.editing .hover-or-edit { opacity: 1; pointer-events: auto; }
.author-label { font-size: 12px; color: var(--dim); margin-bottom: 4px; }
.timestamp { margin-left: 8px; opacity: .7; }
ms-prompt-chunk, ms-text-chunk, ms-thought-chunk, ms-cmark-node { display: block; }
p > ms-cmark-node, h1 > ms-cmark-node, h2 > ms-cmark-node, h3 > ms-cmark-node, strong > ms-cmark-node, span > ms-cmark-node { display: inline; }
.turn-footer { display: flex; align-items: center; gap: 4px; color: var(--dim); margin-top: 6px; }
.model-run-time-pill { display: inline-flex; gap: 4px; align-items: center; border: 1px solid var(--line); border-radius: 12px; padding: 1px 8px; font-size: 12px; }
.very-large-text-container { white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/19px 'Liberation Mono', monospace; }
ms-text-chunk p, ms-thought-chunk p { margin: 6px 0; overflow-wrap: anywhere; }
ms-text-chunk textarea { width: 100%; min-height: 160px; }
.inline-code { background: var(--raised); border-radius: 4px; padding: 1px 5px; font: 13px 'Liberation Mono', monospace; }
mat-expansion-panel { display: block; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; margin: 8px 0; }
mat-expansion-panel-header { display: flex; align-items: center; gap: 10px; padding: 8px 12px; cursor: pointer; color: var(--dim); }
mat-panel-title { display: flex; align-items: center; gap: 8px; flex: 1; color: var(--text); }
.thought-title { display: flex; gap: 8px; align-items: center; flex: 1; color: var(--text); }
.thought-hint { font-size: 12px; }
.thinking-progress-icon { width: 16px; height: 16px; } .thinking-progress-icon.in-progress { animation: spin 1s linear infinite; }
.in-progress svg { animation: spin 1s linear infinite; stroke: var(--accent); }
.mat-expansion-panel-body:empty { display: none; }
.mat-expansion-panel-body { padding: 4px 14px 10px; }
ms-code-block pre { margin: 0; overflow-x: auto; font: 13px/19px 'Liberation Mono', monospace; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: 4px 12px; text-align: left; }
.katex { font-family: 'Liberation Serif', serif; font-style: italic; }
blockquote { border-left: 3px solid var(--line); margin: 8px 0; padding-left: 12px; color: var(--dim); }
ms-chat-loading-indicator { display: flex; gap: 10px; color: var(--dim); align-items: center; }
loading-indicator { width: 14px; height: 14px; border: 2px solid var(--accent); border-right-color: transparent; border-radius: 50%; animation: spin 1s linear infinite; }
.model-error, .blocked-content-container, ms-callout { display: flex; gap: 10px; align-items: center; color: var(--warn); border: 1px solid #5c3a38; background: #2b1c1b; border-radius: 12px; padding: 10px 14px; margin: 6px 0; }
ms-right-side-panel { display: block; width: 0; overflow: hidden; background: var(--surface); border-left: 1px solid var(--line); flex: none; }
ms-right-side-panel.open { width: 300px; }
ms-right-side-panel > .content-container { height: 100%; display: block; }
ms-run-settings { height: 100%; display: flex; flex-direction: column; }
ms-run-settings:not(.expanded) { position: fixed; right: 0; top: 0; width: 300px; opacity: 0; transform: translateX(100%); pointer-events: none; }
.overlay-header { display: flex; align-items: center; padding: 10px 14px; }
.overlay-header h2 { flex: 1; font-size: 15px; font-weight: 500; margin: 0; white-space: nowrap; }
.overlay-header .right { display: flex; align-items: center; }
.ms-button-small { padding: 4px; font-size: 12px; white-space: nowrap; }
.panel-header { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 6px 10px; margin: 0; font-size: 16px; font-weight: 500; }
.settings-items-wrapper { flex: 1; min-height: 0; display: flex; flex-direction: column; }
.scrollable-area { flex: 1; overflow-y: auto; padding: 0 14px 20px; }
ms-prompt-run-settings { display: flex; flex-direction: column; gap: 12px; }
.field-group { display: flex; flex-direction: column; gap: 10px; } .field-group:empty { display: none; }
ms-model-selector, ms-model-selector-v3, ms-system-instructions-panel, ms-thinking-level-setting, ms-browse-as-a-tool { display: block; }
ms-sliding-right-panel { display: inline; }
.model-selector-card, .system-instructions-card, .model-selector-trigger { width: 100%; background: var(--raised); border-radius: 14px; padding: 10px 14px; display: flex; flex-direction: column; align-items: flex-start; gap: 2px; text-align: left; }
.settings-item { display: flex; justify-content: space-between; align-items: center; gap: 8px; min-height: 28px; }
.settings-item-column { flex-direction: column; align-items: stretch; }
.settings-group-header { border-top: 1px solid var(--line); padding-top: 8px; } .settings-group-header .item-about { display: flex; align-items: center; }
.settings-group-header.expanded .expand-icon { transform: rotate(180deg); }
.item-input-toggle { display: flex; align-items: center; flex-direction: row-reverse; gap: 4px; } .item-input-toggle > button { font-size: 12px; padding: 2px 6px; color: var(--accent); }
.item-input-form-field input[type=number] { width: 88px; }
.search-source { color: var(--dim); font-size: 11px; }
.v3-font-body { font-size: 14px; font-weight: 400; margin: 0; }
.advanced-settings { display: flex; flex-direction: column; gap: 10px; }
.title { font-weight: 500; } .subtitle, .description { color: var(--dim); font-size: 12px; }
.item-description-title { font-size: 14px; font-weight: 400; margin: 0; }
ms-slider { display: flex; gap: 10px; align-items: center; }
mat-slider { flex: 1; } input[type=range] { width: 100%; accent-color: var(--accent); padding: 0; }
.slider-number-input { width: 88px; }
.group-title { margin: 0; font-weight: 500; }
.mdc-evolution-chip-set__chips { display: flex; flex-wrap: wrap; gap: 6px; }
mat-chip-row { display: inline-flex; align-items: center; gap: 2px; border: 1px solid var(--line); border-radius: 8px; padding-left: 10px; }
ms-stop-sequence-input input { width: 100%; }
.cdk-overlay-container { position: fixed; inset: 0; z-index: 1000; pointer-events: none; }
.cdk-overlay-backdrop { position: absolute; inset: 0; }
.cdk-overlay-backdrop-showing { pointer-events: auto; }
.cdk-overlay-dark-backdrop, .dialog-backdrop-blur-overlay { background: rgb(0 0 0 / .5); }
.dialog-backdrop-blur-overlay { backdrop-filter: blur(2px); }
.cdk-global-overlay-wrapper { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center; pointer-events: none; }
.cdk-overlay-popover { position: fixed; inset: 0; margin: 0; border: 0; padding: 0; width: 100%; height: 100%; background: none; color: inherit; overflow: visible; }
.cdk-overlay-popover:not(:popover-open) { display: none; }
.cdk-overlay-pane { position: relative; pointer-events: auto; max-width: 90vw; max-height: 100%; }
.cdk-overlay-pane.toast-pane { position: absolute; top: 20px; left: 50%; transform: translateX(-50%); max-width: 420px; }
.ms-sliding-right-panel-dialog { position: absolute; right: 0; top: 0; height: 100%; width: 440px; transform: translateX(100%); transition: transform .1s; }
.ms-sliding-right-panel-dialog.animation-show { transform: none; }
.ms-sliding-right-panel-dialog mat-dialog-container, .ms-sliding-right-panel-dialog .mat-mdc-dialog-inner-container, .ms-sliding-right-panel-dialog .mat-mdc-dialog-surface { display: block; height: 100%; }
.panel > .content, ms-model-carousel, ms-system-instructions { display: flex; flex-direction: column; gap: 10px; }
.mat-mdc-dialog-surface { background: var(--surface); border-radius: 20px; padding: 12px; max-height: 100%; overflow: auto; min-width: 360px; box-shadow: 0 8px 40px rgb(0 0 0 / .5); }
.ms-sliding-right-panel-dialog .mat-mdc-dialog-surface { border-radius: 0; max-width: none; }
.dialog-body { padding: 10px; } .dialog-body h2 { display: flex; justify-content: space-between; margin: 0 0 8px; font-size: 18px; font-weight: 500; }
mat-dialog-content { display: block; } mat-dialog-actions { display: flex; justify-content: flex-end; gap: 8px; margin-top: 14px; }
.saving-status { color: var(--dim); font-size: 12px; visibility: hidden; } .saving-status.visible { visibility: visible; }
.filter-chips { display: flex; flex-wrap: wrap; gap: 6px; }
.filter-chips .ms-button-filter-chip { border: 1px solid var(--line); border-radius: 16px; padding: 3px 12px; }
.ms-button-filter-chip[aria-selected="true"] { background: var(--raised); border-color: var(--accent); }
.model-options-container { overflow-y: auto; display: flex; flex-direction: column; gap: 4px; }
ms-model-carousel-row { display: flex; align-items: center; } ms-model-carousel-row.disabled { pointer-events: none; opacity: .5; }
ms-model-carousel-row.selected { background: var(--raised); border-radius: 8px; }
ms-model-carousel-row > button:first-child { flex: 1; flex-direction: column; align-items: flex-start; text-align: left; gap: 0; padding: 8px; }
.row-header { display: flex; gap: 8px; } .model-title-text { font-weight: 500; } .model-subtitle, .model-details { color: var(--dim); font-size: 12px; }
.row-actions { display: flex; }
.badge { border: 1px solid var(--line); border-radius: 8px; padding: 0 6px; font-size: 11px; }
.toast { display: block; } .toast ms-callout { background: #2b2c2e; max-width: 420px; margin: 0; }
.success-callout, .info-callout { color: var(--text); border-color: var(--line); background: var(--raised); }
.main-content { display: flex; gap: 10px; align-items: center; flex: 1; }
.main-content .title { margin: 0; }
.plain { display: flex; align-items: center; justify-content: center; }
.landing, .sign-in { background: var(--surface); border-radius: 24px; padding: 36px 44px; width: 420px; }
.sign-in form { display: flex; flex-direction: column; gap: 14px; margin-top: 16px; }
.sign-in button { align-self: flex-end; background: var(--accent); color: #062e6f; border-radius: 18px; padding: 8px 22px; }
.settings-place:empty { display: none; }
ms-thinking-budget-setting, .tools-list { display: flex; flex-direction: column; gap: 8px; }
.mdc-switch { position: relative; width: 36px; height: 20px; padding: 0; border-radius: 10px; background: var(--line); }
.mdc-switch:hover { background: var(--line); } .mdc-switch--selected, .mdc-switch--selected:hover { background: var(--accent); }
ms-slider .slider-number-input { width: 80px; }
.mdc-switch__track, .mdc-switch__handle-track { position: absolute; inset: 0; }
.mdc-switch__handle { position: absolute; left: 3px; top: 3px; width: 14px; height: 14px; border-radius: 7px; background: var(--dim); transition: left .1s; }
.mdc-switch--selected .mdc-switch__handle { left: 19px; background: #062e6f; }
mat-select { display: block; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
.mat-mdc-select-trigger { display: flex; justify-content: space-between; align-items: center; padding: 6px 10px; min-height: 32px; }
.cdk-overlay-pane.menu-pane { position: absolute; }
.mat-mdc-menu-panel, .mat-mdc-select-panel { background: var(--raised); border-radius: 12px; padding: 6px; min-width: 200px; box-shadow: 0 8px 30px rgb(0 0 0 / .5); }
.mat-mdc-menu-content { display: flex; flex-direction: column; }
.mat-mdc-menu-item { justify-content: flex-start; width: 100%; border-radius: 8px; } .mat-mdc-menu-item:hover, mat-option:hover { background: var(--line); }
.mat-mdc-menu-item input[type=file] { display: none; }
mat-option { display: block; padding: 6px 12px; border-radius: 8px; cursor: pointer; } mat-option[aria-selected="true"] { background: var(--line); }
.dialog-heading { display: flex; flex: 1; justify-content: space-between; align-items: center; }
div[role="tablist"] { display: flex; gap: 4px; border-bottom: 1px solid var(--line); margin-bottom: 10px; } div[role="tablist"] button[aria-selected="true"] { color: var(--accent); border-bottom: 2px solid var(--accent); border-radius: 0; }
ms-text-editor { display: block; width: 560px; max-width: 80vw; } ms-text-editor textarea { width: 100%; font: 13px/18px 'Liberation Mono', monospace; }
.visual-editor { width: 560px; max-width: 80vw; color: var(--dim); min-height: 120px; padding: 12px 0; } .editor-error { color: var(--warn); min-height: 20px; font-size: 12px; }
.safety-row { display: flex; flex-direction: column; gap: 4px; margin: 8px 0; }
ms-right-side-panel.over-prompt.open { position: absolute; right: 0; top: 0; height: 100%; width: 100%; max-width: 640px; z-index: 5; }
.media-container, .multi-media-row { display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 0 10px; }
.prompt-media-item-container, ms-media-chip { display: flex; align-items: center; gap: 8px; background: var(--raised); border-radius: 10px; padding: 4px 8px; font-size: 12px; }
ms-prompt-image img { width: 40px; height: 40px; object-fit: cover; border-radius: 6px; display: block; }
ms-image-chunk img { max-width: 320px; max-height: 320px; min-width: 24px; min-height: 24px; border-radius: 10px; }
ms-file-chunk { display: inline-flex; gap: 8px; align-items: center; background: var(--raised); border-radius: 10px; padding: 6px 12px; }
mat-progress-bar { width: 40px; height: 4px; border-radius: 2px; background: linear-gradient(90deg, var(--accent), var(--line)); animation: spin 1.2s steps(2) infinite; }
.ms-button-active { background: var(--raised); color: var(--accent); }
ms-incognito-mode-indicator { display: flex; gap: 8px; justify-content: center; align-items: center; color: var(--accent); background: var(--surface); padding: 6px; }
.dragging-overlay:not(.dragging) { display: none; }
.dragging-overlay { position: absolute; inset: 0; background: var(--surface); padding: 20px; text-align: center; border: 2px dashed var(--accent); border-radius: 12px; }
ms-items-scrollbar { position: absolute; left: 8px; top: 40%; } .jumps { display: flex; flex-direction: column; gap: 4px; } .jumps button { padding: 0; width: 10px; height: 4px; background: var(--line); border-radius: 2px; }
.function-response { display: flex; gap: 8px; margin: 6px 0; } .function-response label { display: none; } .function-response input { flex: 1; }
ms-preference-vote { display: block; border: 1px solid var(--accent); border-radius: 14px; padding: 12px; margin-top: 12px; } .vote-buttons { display: flex; gap: 8px; } .rival-answer { white-space: pre-wrap; max-height: 200px; overflow: auto; color: var(--dim); }
.mat-mdc-tooltip { position: fixed; z-index: 1200; background: #f1f3f4; color: #202124; border-radius: 6px; font-size: 11px; line-height: 14px; padding: 2px 4px; overflow: hidden; }
.glue-cookie-notification-bar { background: #fff; color: #202124; padding: 6px 24px; gap: 12px; align-items: center; } .glue-cookie-notification-bar p { margin: 0; flex: 1; }
body:has(> .glue-cookie-notification-bar[aria-hidden="false"]) > app-root { height: calc(100% - 48px); }
.cover { position: fixed; z-index: 1100; background: var(--raised); border: 1px solid var(--line); display: flex; gap: 12px; align-items: center; padding: 16px 24px; }
.consent-bar { left: 0; right: 0; bottom: 0; height: 140px; }
.promo-card { right: 40px; bottom: 10px; width: 900px; height: 130px; max-width: 90vw; border-radius: 16px; }
.overlay-backdrop.cover { inset: 0; background: rgb(0 0 0 / .5); align-items: flex-start; justify-content: center; padding-top: 120px; }
.omnibar-container { background: var(--raised); border-radius: 16px; padding: 16px; display: flex; gap: 10px; width: 480px; } .omnibar-container input { flex: 1; }
#google-hats-survey-frame { position: fixed; right: 316px; bottom: 16px; width: 380px; height: 260px; z-index: 950; border: 0; border-radius: 12px; }
.error-banner { background: #5c3a38; padding: 8px 24px; }
.sign-in button[data-identifier] { align-self: stretch; }
`;
