import { monitorEventLoopDelay } from 'node:perf_hooks';

import { z } from 'zod';

import { type Log } from './log.ts';

/** Nothing may keep a process from its other work for longer, ms. */
const LONGEST_BLOCK_MS = 50;
/** How often the delay is sampled, ms. A block that is shorter may be missed. */
const RESOLUTION_MS = 20;
/** How often the samples are looked at, ms. */
const LOOK_MS = 1000;
/** After a warning the next one is at least this much later, ms: it tells the longest block since. */
const PAUSE_MS = 10_000;
/** After so many looks at which nothing went on, and little was computed, the delay is not sampled. */
const QUIET_LOOKS = 3;
/** Of how many things a warning says that they were going on. */
const MAX_NAMED = 5;

/** How late the event loop was within the last second, as a process's `detail` tells it. */
export const EventLoopDelay = z.object({ meanMs: z.number(), maxMs: z.number() });
export type EventLoopDelay = Readonly<z.infer<typeof EventLoopDelay>>;

/** Watches how late this process's event loop is. */
export interface EventLoopWatch extends Disposable {
  readonly delay: EventLoopDelay;
  /** Says what goes on until it is disposed: words without content, for the warning. */
  during(what: string): Disposable;
}

/** What a process did since it was asked last. */
export interface LoopSample extends EventLoopDelay {
  /** How long it computed. */
  readonly cpuMs: number;
}

/** Measures this process. Disposing stops that. */
export interface LoopMeter extends Disposable {
  /** Samples the delay from now on, if it does not do so. That wakes the process fifty times a second. */
  start(): void;
  /** Samples no more until it is started again. */
  stop(): void;
  take(): LoopSample;
}

/**
 * Watches the delay of the event loop until disposed, and warns when something blocked it for longer
 * than 50 ms, with what was going on. A delay for most of which the process did not compute is the
 * machine's, and no cause for a warning. The delay is sampled while something goes on, or while the
 * process computes so much that it may have blocked; a process that idles is left asleep.
 */
export function watchEventLoop(log: Log, meter = createMeter(), everyMs = LOOK_MS): EventLoopWatch {
  const present = new Set<{ readonly what: string }>();
  /** What went on at any time since the last look. */
  let recent = new Set<string>();
  let longestMs = 0;
  let culprits: readonly string[] = [];
  let warnedAt = -Infinity;
  let delay: EventLoopDelay = { meanMs: 0, maxMs: 0 };
  let quietLooks = 0;

  const look = (): void => {
    const { meanMs, maxMs, cpuMs } = meter.take();
    delay = { meanMs, maxMs };
    quietLooks = present.size > 0 || cpuMs > LONGEST_BLOCK_MS ? 0 : quietLooks + 1;
    if (quietLooks === 0) meter.start();
    else if (quietLooks > QUIET_LOOKS) meter.stop();
    if (cpuMs > maxMs / 2 && maxMs > LONGEST_BLOCK_MS && maxMs > longestMs) {
      longestMs = maxMs;
      culprits = [...recent].slice(0, MAX_NAMED);
    }
    recent = new Set([...present].map(({ what }) => what));
    if (longestMs === 0 || performance.now() - warnedAt < PAUSE_MS) return;
    log.warn('the event loop was blocked', { ms: Math.round(longestMs), during: culprits });
    warnedAt = performance.now();
    longestMs = 0;
  };
  const timer = setInterval(look, everyMs).unref();

  return {
    get delay() {
      return delay;
    },
    during(what) {
      const entry = { what };
      present.add(entry);
      recent.add(what);
      quietLooks = 0;
      meter.start();
      return { [Symbol.dispose]: () => void present.delete(entry) };
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      meter[Symbol.dispose]();
    },
  };
}

function createMeter(): LoopMeter {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let cpu = process.cpuUsage();
  /** Samples hold the time between two of them. */
  const beyond = (ns: number): number => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return {
    start: () => void histogram.enable(),
    stop: () => void histogram.disable(),
    take() {
      const isEmpty = histogram.count === 0;
      const meanMs = isEmpty ? 0 : beyond(histogram.mean);
      const maxMs = isEmpty ? 0 : beyond(histogram.max);
      histogram.reset();
      const { user, system } = process.cpuUsage(cpu);
      cpu = process.cpuUsage();
      return { meanMs, maxMs, cpuMs: (user + system) / 1000 };
    },
    [Symbol.dispose]: () => void histogram.disable(),
  };
}
