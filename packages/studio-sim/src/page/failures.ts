import { type App } from './app.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { RpcFailure } from './rpc.ts';
import { type Turn } from './turns.ts';

const INTERNAL = 'An internal error has occurred.';

/** Shows a failed generation as the page does (page.md §9): by toast, callout and in the turn. */
export function showFailure(app: App, error: unknown, turn: Turn): void {
  const { code, message } =
    error instanceof RpcFailure ? error : new RpcFailure(0, 0, String(error));
  reportError(message);
  switch (code) {
    case 8:
      return showQuota(app, message, turn);
    case 7:
      app.toasts.show('error', 'Failed to generate content: permission denied. Please try again.');
      return turn.fail(INTERNAL);
    case 3:
    case 5:
    case 9:
      app.toasts.show('error', `Failed to generate content: ${message}`);
      return turn.fail(INTERNAL);
    case 16:
      app.toasts.show('error', 'Failed to generate content. Please try again.');
      turn.fail(INTERNAL);
      return location.reload(); // the document's own redirect does the rest
    default:
      app.toasts.show('error', `Failed to generate content, ${INTERNAL}`);
      return turn.fail(INTERNAL);
  }
}

/** The three ways the page has of saying that there is nothing left. */
function showQuota({ toasts }: App, message: string, turn: Turn): void {
  if (message.includes('free generations')) turn.append(callout('warning', message));
  else if (message.includes('exhausted'))
    toasts.show('error', "You've reached your rate limit. Please try again later.");
  else
    turn.append(
      callout(
        'error',
        'Failed to generate content: user has exceeded quota. Please try again later.',
      ),
    );
}

/** A message that stays. */
function callout(kind: 'error' | 'warning', text: string): HTMLElement {
  return h(`ms-callout.${kind}-callout`, {}, icon('warning'), h('span.message', {}, text));
}

/**
 * Tells the page's error log; its URL holds the method's name, as the real one's does
 * (wire-format.md §6).
 */
export function reportError(message: string): void {
  const query = new URLSearchParams({
    script: 'https://www.gstatic.com/_/mss/boq-makersuite/_/js/k=boq-makersuite.MakerSuite.en.sim',
    error: `Failed to generate content: ${message} (MakerSuiteService/GenerateContent)`,
    line: '1',
  });
  void fetch(`/_/MakerSuite/jserror?${query.toString()}`, {
    method: 'POST',
    keepalive: true,
  }).catch(
    () => {}, // nobody reads it
  );
}
