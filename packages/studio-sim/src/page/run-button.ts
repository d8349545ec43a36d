import { type App } from './app.ts';
import { button, fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { type Store } from './store.ts';

/** The Run button, which is the Stop button while an answer comes (page.md §4.1). */
export function createRunButton(
  app: App,
  canRun: Store<boolean>,
  actions: { readonly onRun: () => void; readonly onStop: () => void },
): HTMLElement {
  const { marks, variant, runState, live } = app;
  const press = (): void => {
    if (runState.value === 'generating') actions.onStop();
    else if (isEnabled()) actions.onRun();
  };
  const run = button(marks.run, { onClick: press });
  const host = h(marks.runHost, {}, run);
  const isEnabled = (): boolean => canRun.value && !live.isOn('run-disabled');

  const show = (): void => {
    const isGenerating = runState.value === 'generating';
    const isDisabled = !isGenerating && !isEnabled();
    run.classList.toggle('stoppable', isGenerating);
    if (variant !== 'u3') run.type = isGenerating ? 'button' : 'submit';
    if (variant === 'u2') setAttribute(run, 'disabled', isDisabled);
    if (variant === 'drifted') {
      setAttribute(run, 'disabled', isDisabled);
      setAttribute(run, 'aria-label', isGenerating ? 'Stop generating' : 'Run');
    }
    if (variant === 'u3') setAttribute(run, 'aria-label', isGenerating ? 'Stop generation' : null);
    setAttribute(run, 'aria-disabled', String(isDisabled));
    fill(run, ...(isGenerating ? stopFace() : runFace()));
  };
  runState.watch(show);
  canRun.watch(show);
  live.watch(show);
  return host;
}

function runFace(): HTMLElement[] {
  return [
    h('span.run-button-label', {}, 'Run'),
    h('span.run-button-hint', {}, 'Ctrl', icon('keyboard_return')),
  ];
}

function stopFace(): HTMLElement[] {
  return [
    h('span.spin.stoppable-spinner', {}, icon('progress_activity')),
    h('span.run-button-label', {}, 'Stop'),
  ];
}
