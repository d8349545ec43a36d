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
  readonly panel: number;
  readonly dialogClose: number;
  readonly hover: number;
  readonly autosave: number;
  readonly upload: number;
  /** File set → consent dialog. */
  readonly consent: number;
  /** Text of a function response → Send enabled. */
  readonly send: number;
  /** Effects of a control come after a random time up to this. */
  readonly jitter: number;
}

/**
 * `fast` is none at all where the page does not need one to make sense: for the bench alone.
 * `typical` is short, with effects that come in an order of their own; `measured` has the times that
 * were seen on the real page, `slow` the worst of them.
 */
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
    panel: 0,
    dialogClose: 0,
    hover: 0,
    autosave: 3000,
    upload: 0,
    consent: 100,
    send: 0,
    jitter: 0,
  },
  typical: {
    shell: 50,
    listModels: 50,
    countTokens: 500,
    runEnable: 30,
    beforeRequest: 30,
    firstFrame: 20,
    betweenFrames: 2,
    finish: 30,
    panel: 100,
    dialogClose: 100,
    hover: 50,
    autosave: 3000,
    upload: 100,
    consent: 300,
    send: 300,
    jitter: 300,
  },
  measured: {
    shell: 1500,
    listModels: 400,
    countTokens: 500,
    runEnable: 200,
    beforeRequest: 600,
    firstFrame: 1200,
    betweenFrames: 80,
    finish: 400,
    panel: 300,
    dialogClose: 300,
    hover: 200,
    autosave: 3000,
    upload: 1500,
    consent: 1000,
    send: 1000,
    jitter: 300,
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
    panel: 1500,
    dialogClose: 2000,
    hover: 300,
    autosave: 3000,
    upload: 6000,
    consent: 2000,
    send: 2000,
    jitter: 300,
  },
} as const satisfies Record<string, Timing>;

/** Name of a set of delays. */
export type TimingName = keyof typeof TIMINGS;
