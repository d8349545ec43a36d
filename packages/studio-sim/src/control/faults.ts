import { keysOf } from '../typed-object.ts';

/** Everything that can be made to go wrong, by name, with what it does (page.md §8–§10). */
export const FAULTS = {
  // the account
  'signed-out':
    'RPCs answer 401 and every page redirects to /welcome (U2: the sign-in page); signing in ends it',
  'account-chooser': 'every page redirects to the account chooser; choosing the account ends it',
  'region-blocked': 'every page redirects to one about available regions',
  forbidden: 'every page answers 403, "Forbidden"',
  'access-restricted': 'the page goes to /403, "Access restricted", as it starts',
  'start-internal-error': 'the page goes to /500 as it starts',
  'start-error': 'the page goes to /520 as it starts',

  // GenerateContent
  quota: '429, code 8, retry after 37 s: toast and error turn',
  'daily-quota': '429, code 8, with details that name the quota of a day',
  'rate-limit': '429, code 8: toast and error turn "You\'ve reached your rate limit"',
  'rate-limit-then-hang': '429, code 8: the same, then the page goes on generating until Stop',
  'out-of-generations': '429, code 8: error turn "You are out of free generations"',
  'permission-denied': '403, code 7: toast and error turn',
  'stale-attestation': 'the page spoils its attestation until it is reloaded: 403 each time',
  'refused-after-load': 'each run is refused with 403 until New chat is clicked on the open page',
  'prompt-too-long': '400, code 3: too many input tokens',
  'region-refused': '400, code 9: location not supported',
  'internal-error': '500, code 13: error turn',
  overloaded: '503, code 14: error turn',
  'bad-gateway': '502 with an HTML page instead of an array',
  'quota-in-200': '200 without frames that ends with the status of a used-up quota',
  'quota-after-frames': '200 that ends after two frames with the status of a used-up quota',
  'error-after-frames': '200 that ends after two frames with the status of an internal error',
  'refuse-proxied': '403, code 7, where the connection is not the browser’s own',
  'unknown-finish': 'finish code 18, the name of which is not known',
  'unknown-parts': 'parts that hold only what the page shows nothing of, before the text',
  'no-reply': 'the connection is cut before any answer',
  'no-first-byte': 'the request is accepted and never answered',
  'silent-mid-answer': 'the answer falls silent after two frames',
  'cut-mid-answer': 'the connection is cut after two frames',
  'broken-stream': 'a 200 that ends properly, but without a finish code',
  'empty-answer': 'a finish frame without any text',
  'thoughts-only': 'only thoughts, then the end by MAX_TOKENS',

  // other RPCs
  'empty-model-list': 'ListModels answers an empty list',
  'model-list-late': 'ListModels answers only after 30 s',
  'model-list-unauthorized': 'ListModels answers 401',
  'count-tokens-fails': 'CountTokens answers 500: the page says nothing (U2: toast)',
  'count-tokens-loop': 'the page counts tokens again and again, and Run stays disabled',
  'drive-unauthorized': 'GenerateAccessToken answers 401: uploads fail',

  // Run and what follows
  'run-disabled': 'the Run button stays disabled',
  'run-slow-to-enable': 'the Run button takes 6 s to be enabled',
  'click-ignored': 'a click on Run does nothing',
  'late-click': 'a click on Run takes effect only 3 s later; a second click sends twice',
  'request-never-sent': 'the page says Thinking and never asks; only attestation calls repeat',
  'attestation-down': 'the attestation is not up: the turn waits and no request is sent',
  'error-toast': 'the page fails before it asks: toast and error turn',
  'stuck-spinner': 'the answer arrives, the page shows none of it and spins until Stop',
  'stays-generating': 'the answer is complete, the page goes on generating until Stop',
  'throttled-rendering': 'the page renders at most once a second and not at the end at once',
  'preference-vote': 'a second answer is asked for; nothing runs until a vote or Skip',
  'chat-url-changes': 'the chat is saved at once: its address changes while the answer comes',
  'blocked-container': 'a blocked turn says so in .blocked-content-container instead of a button',
  'old-chat-returns': 'opening the new-chat address in a tab with a chat brings its turns back',
  'unsaved-changes': 'New chat asks "Unsaved Changes", with Cancel and Leave',
  'jserror-noise': 'the error log is called with the method’s name in its URL, for nothing',

  // settings
  'settings-reset': 'when a prompt is typed all settings fall back to the defaults',
  'settings-not-sent': 'the controls show the settings, the request has the defaults',
  'grounding-returns': 'Grounding with Google Search switches itself on at Run',
  'model-switch-ignored': 'choosing a model does not change it',
  'switch-model-dialog': 'choosing a model asks "Switch model?" when something would be lost',
  'paid-models-disabled': 'the rows of paid models are disabled',
  'starts-paid': 'the page starts with a paid model selected',
  'narrow-panel': 'the run-settings panel lies over the prompt box and covers Run',
  'renamed-panel-toggle':
    'from the next load on: the run settings start closed, and what opens them has another name',

  // files
  'upload-stuck': 'an upload never ends until the file is removed',
  'media-consent': 'files are taken only after a consent (U2: asked anyway, until given)',
  'upload-fails': 'an upload fails: toast and error mark',

  // uninvited
  'slow-page': 'the page takes 10 s to show anything',
  'welcome-dialog': 'dialog with Try Gemini',
  'tos-dialog': 'terms of service that only a person may accept',
  'autosave-dialog': 'dialog with Got it',
  'drive-dialog': 'Drive permission dialog; Cancel switches autosave off',
  'search-grounding-dialog': 'one-time terms for grounding',
  'paid-usage-dialog': 'dialog about a paid model, with a close button',
  'unknown-dialog': 'a dialog without any button that Escape does not close',
  'cookie-bar': 'cookie row at the top of the page, with one button',
  survey: 'survey frame over a corner of the page',
  'consent-bar': 'a bar over the prompt box with Understood',
  promo: 'a promotion over the prompt box, with a button that dismisses it',
  omnibar: 'the search over the whole page; Escape closes it',
  banner: 'banner above the page',
  'blocking-overlay': 'an invisible backdrop over the whole page; Escape takes it away',
  'blocking-tooltip': 'a tooltip over Run while the mouse rests near the prompt box',
  'unrelated-toast': 'an error toast that has nothing to do with the answer',
} as const;

/** Name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** Every fault's name. */
export const FAULT_NAMES: readonly FaultName[] = keysOf(FAULTS);
