/**
 * Loaded before a program (`--import`): its wall clock is ten minutes ahead, as on a host whose time
 * nobody sets. Timers are not affected.
 */
const AHEAD_MS = 600_000;
const TrueDate = Date;
const now = () => TrueDate.now() + AHEAD_MS;

globalThis.Date = class extends TrueDate {
  static now = now;

  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }
};
