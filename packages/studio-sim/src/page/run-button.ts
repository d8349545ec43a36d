import { type App } from './app.ts';
import { button, fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { type Store } from './store.ts';

/** Id of the hidden text that describes the button. */
const DESCRIPTION = 'cdk-describedby-message-ng-1-run';
const SEND = 'Send prompt (Ctrl + Enter) Append to prompt (Alt + Enter)';
const FINISH_EDITING = 'Please finish editing to run';

/**
 * The Run button, which is the Stop button while an answer comes (page.md §4.1). Each of the two is
 * an element of its own.
 */
export function createRunButton(
  app: App,
  canRun: Store<boolean>,
  actions: { readonly onRun: () => void; readonly onStop: () => void },
): HTMLElement {
  const { marks, runState, effects, isEditing } = app;
  const host = h(marks.runHost);
  const description = h('div[role="tooltip"]', { id: DESCRIPTION });
  app.descriptions.append(description);

  let shownRun: HTMLButtonElement | undefined;
  const runButton = (): HTMLElement => {
    const element = plainButton(app, () => canRun.value && actions.onRun());
    showDisabled(app, element, !canRun.value);
    fill(element, ...runFace());
    shownRun = element;
    return element;
  };
  const stopButton = (): HTMLElement => {
    const element = plainButton(app, actions.onStop);
    element.classList.add('stoppable');
    setAttribute(element, 'aria-disabled', 'false');
    if (app.variant !== 'u3') element.type = 'button';
    fill(element, ...stopFace());
    return element;
  };
  effects.follow(runState, (state) =>
    fill(host, state === 'generating' ? stopButton() : runButton()),
  );
  canRun.watch((isReady) => shownRun && showDisabled(app, shownRun, !isReady));
  effects.follow(isEditing, (isOpen) => {
    fill(description, isOpen ? FINISH_EDITING : SEND);
  });
  return host;
}

function plainButton({ marks, variant }: App, onClick: () => void): HTMLButtonElement {
  const element = button(marks.run, {
    'ms-button': true,
    'aria-describedby': DESCRIPTION,
    onClick,
  });
  element.classList.add('ms-button-primary');
  if (variant !== 'u3') element.type = 'submit';
  return element;
}

/** The newest page disables by `aria-disabled` alone. */
function showDisabled({ variant }: App, element: HTMLButtonElement, isDisabled: boolean): void {
  setAttribute(element, 'aria-disabled', String(isDisabled));
  if (variant !== 'u3') element.disabled = isDisabled;
}

function runFace(): HTMLElement[] {
  return [
    h('span.run-button-label', {}, ' Run '),
    h('span.secondary-key', {}, ' Ctrl '),
    icon('keyboard_return'),
  ];
}

function stopFace(): HTMLElement[] {
  return [
    h('span.spin.stoppable-spinner', {}, icon('progress_activity')),
    h('span.run-button-label', {}, ' Stop '),
  ];
}
