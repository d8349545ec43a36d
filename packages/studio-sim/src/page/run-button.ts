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
  const { marks, variant, runState } = app;
  const press = (): void => {
    if (runState.value === 'generating') actions.onStop();
    else if (canRun.value) actions.onRun();
  };
  const run = button(marks.run, { onClick: press });

  const show = (): void => {
    const isGenerating = runState.value === 'generating';
    const isDisabled = !isGenerating && !canRun.value;
    run.classList.toggle('stoppable', isGenerating);
    setAttribute(run, 'aria-disabled', String(isDisabled));
    if (variant === 'u3') setAttribute(run, 'aria-label', isGenerating ? 'Stop generation' : null);
    else {
      run.type = isGenerating ? 'button' : 'submit';
      run.disabled = isDisabled;
    }
    fill(run, ...(isGenerating ? stopFace() : runFace()));
  };
  runState.watch(show);
  canRun.watch(show);
  return h(marks.runHost, {}, run);
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
