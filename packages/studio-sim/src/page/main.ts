import { type PageConfig } from '../site/html.ts';
import { type App, type RunState } from './app.ts';
import { delay, h } from './dom.ts';
import { startDrift } from './drift.ts';
import { createEffects } from './effects.ts';
import { watchCovers } from './fault-covers.ts';
import { watchIntrusions } from './fault-dialogs.ts';
import { watchTooltip } from './fault-tooltip.ts';
import { followSwitches } from './live.ts';
import { marksOf } from './marks.ts';
import { type Model } from './model-record.ts';
import { createOverlays } from './overlays.ts';
import { preferences } from './preferences.ts';
import { createRpc } from './rpc.ts';
import { defaultSettings } from './settings.ts';
import { createHiddenDescriptions } from './shell.ts';
import { showPage } from './show-page.ts';
import { startUp } from './start-up.ts';
import { createStore } from './store.ts';
import { createToasts } from './toasts.ts';

const SLOW_PAGE_MS = 10_000;

const config: PageConfig = JSON.parse(document.querySelector('#page-config')?.textContent ?? '{}');
const live = followSwitches(config.switches);
const { variant, drift: driftSeed, seed } = config.switches.options;
const drift = startDrift(driftSeed, driftSeed === 0 ? '' : await ownScript());
preferences.load(variant === 'u3');

const clock = {
  now: () => performance.now(),
  schedule: (effect: () => void, ms: number) => void window.setTimeout(effect, ms),
};
const effects = createEffects(seed, () => live.jitter, clock);
const marks = marksOf(variant);
const overlays = createOverlays({ live, effects, marks, variant });
const app: App = {
  config,
  live,
  effects,
  variant,
  marks,
  rpc: createRpc(config, live),
  overlays,
  toasts: createToasts(overlays, effects),
  descriptions: createHiddenDescriptions(),
  models: createStore<readonly Model[]>([]),
  settings: createStore(defaultSettings(undefined)),
  runState: createStore<RunState>('idle'),
  isTemporary: createStore(false),
  isEditing: createStore(false),
  isVoting: createStore(false),
  isCounting: createStore(false),
  tokenTotal: createStore(0),
};

document.body.append(
  h('div#cdk-live-announcer-0.cdk-live-announcer-element.cdk-visually-hidden[aria-live="polite"]'),
  app.descriptions,
);
Object.assign(window, { default_MakerSuite: {} }); // the real bundle leaves this behind
await delay(live.take('slow-page') ? SLOW_PAGE_MS : live.timing.shell);
showPage(app);
drift.afterShown();
watchIntrusions(app);
watchCovers(app);
watchTooltip(app);
await startUp(app);

/** The text of this script: what stands in it are the page's own words. */
async function ownScript(): Promise<string> {
  return (await fetch(import.meta.url)).text();
}
