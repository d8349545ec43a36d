/** Delays of the page and the service, ms (page.md §11). */
export interface Timing {
  /** Shell → text box. */
  readonly shell: number;
  /** ListModels request → reply. */
  readonly listModels: number;
  /** Last change → CountTokens request. */
  readonly countTokens: number;
  /** Text in the box → Run enabled. */
  readonly runEnable: number;
  /** Click on Run → request leaves. */
  readonly beforeRequest: number;
  /** Request → first frame. */
  readonly firstFrame: number;
  readonly betweenFrames: number;
  /** Last frame → Run idle and the turn's footer. */
  readonly finish: number;
  readonly toggle: number;
  readonly panel: number;
  readonly dialogClose: number;
  readonly toastLife: number;
  readonly tooltip: number;
  readonly hover: number;
  readonly autosave: number;
  readonly temporaryChat: number;
  /** Enter → stop-sequence chip. */
  readonly chip: number;
  readonly upload: number;
  /** File set → consent dialog. */
  readonly consent: number;
}

/** `fast` is none at all where the page does not need one to make sense. */
export const TIMINGS = {
  fast: {
    shell: 0,
    listModels: 0,
    countTokens: 0,
    runEnable: 0,
    beforeRequest: 0,
    firstFrame: 0,
    betweenFrames: 0,
    finish: 0,
    toggle: 0,
    panel: 0,
    dialogClose: 0,
    toastLife: 8000,
    tooltip: 0,
    hover: 0,
    autosave: 3000,
    temporaryChat: 0,
    chip: 0,
    upload: 0,
    consent: 100,
  },
  typical: {
    shell: 1500,
    listModels: 400,
    countTokens: 400,
    runEnable: 200,
    beforeRequest: 600,
    firstFrame: 1200,
    betweenFrames: 80,
    finish: 400,
    toggle: 200,
    panel: 280,
    dialogClose: 400,
    toastLife: 8000,
    tooltip: 400,
    hover: 200,
    autosave: 3000,
    temporaryChat: 750,
    chip: 200,
    upload: 1500,
    consent: 1000,
  },
  slow: {
    shell: 8000,
    listModels: 5000,
    countTokens: 2000,
    runEnable: 4000,
    beforeRequest: 4000,
    firstFrame: 8000,
    betweenFrames: 400,
    finish: 1500,
    toggle: 500,
    panel: 1500,
    dialogClose: 2000,
    toastLife: 8000,
    tooltip: 500,
    hover: 300,
    autosave: 3000,
    temporaryChat: 1000,
    chip: 500,
    upload: 6000,
    consent: 2000,
  },
} as const satisfies Record<string, Timing>;

/** Name of a set of delays. */
export type TimingName = keyof typeof TIMINGS;
