import { type App } from './app.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { RpcFailure } from './rpc.ts';
import { type Turn } from './turns.ts';

const INTERNAL = 'An internal error has occurred.';

/** Shows a failed generation as the page does (page.md §9): by toast, callout and in the turn. */
export function showFailure(app: App, error: unknown, turn: Turn): void {
  const failure = error instanceof RpcFailure ? error : new RpcFailure(0, 0, String(error));
  switch (failure.code) {
    case 8:
      turn.content.append(
        callout(
          'error',
          'Failed to generate content: user has exceeded quota. Please try again later.',
        ),
      );
      break;
    case 7:
      app.toasts.show('error', 'Failed to generate content: permission denied. Please try again.');
      turn.fail(INTERNAL);
      break;
    case 3:
    case 5:
    case 9:
      app.toasts.show('error', `Failed to generate content: ${failure.message}`);
      turn.fail(INTERNAL);
      break;
    case 16:
      app.toasts.show('error', 'Failed to generate content. Please try again.');
      turn.fail(INTERNAL);
      location.reload();
      break;
    default:
      app.toasts.show('error', `Failed to generate content, ${INTERNAL}`);
      turn.fail(INTERNAL);
  }
  reportError(failure);
}

/** A message that stays. */
export function callout(kind: 'error' | 'warning', text: string): HTMLElement {
  return h(`ms-callout.${kind}-callout`, {}, icon('warning'), h('span.message', {}, text));
}

/** The page's error log (wire.md §6). */
function reportError({ message }: RpcFailure): void {
  const query = new URLSearchParams({
    script: 'https://www.gstatic.com/_/mss/boq-makersuite/_/js/k=boq-makersuite.MakerSuite.en.sim',
    error: `Failed to generate content: ${message} (GenerateContent)`,
    line: '1',
  });
  void fetch(`/_/MakerSuite/jserror?${query.toString()}`, {
    method: 'POST',
    keepalive: true,
  }).catch(
    () => {}, // nobody reads it
  );
}
