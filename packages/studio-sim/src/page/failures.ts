import { type App } from './app.ts';
import { type Messages, messagesIn } from './messages.ts';
import { RpcFailure } from './rpc.ts';
import { type Turn } from './turns.ts';

/** Codes whose words the page makes itself, and what they say in the toast. */
type ToastReason = (words: Messages, message: string) => string;

const again = '. Please try again.';
const later = '. Please try again later.';

/** Toast by gRPC code (page.md §9). Some say what the server said. */
const REASONS: Readonly<Record<number, ToastReason>> = {
  1: () => `: request was cancelled${again}`,
  3: (_words, message) => (isTokenLimit(message) ? TOKEN_LIMIT : `: ${message}`),
  4: () => `: deadline exceeded${again}`,
  7: () => `: permission denied${again}`,
  8: () => `: user has exceeded quota${later}`,
  9: (_words, message) => `: ${message}`,
  10: () => `: was aborted${again}`,
  14: () => `: service is unavailable${later}`,
  16: () => `: authentication error${again}`,
};
const TOKEN_LIMIT =
  ': input token count exceeds the maximum number of tokens allowed for this model. Please adjust your prompt and try again.';

/** Shows a failed generation as the page does (page.md §9): by a toast and in the turn, both at once. */
export function showFailure(app: App, error: unknown, turn: Turn, prefix: string): void {
  const failure = error instanceof RpcFailure ? error : new RpcFailure(0, 0, String(error));
  const { code, message } = failure;
  const words = messagesIn(app.live.value.options.messages);
  reportError(message);
  if (code === 8 && message.includes('free generations')) return turn.fail(message);
  const reason = REASONS[code]?.(words, message) ?? again;
  app.toasts.showRpcError(`${prefix}${reason}`);
  turn.fail(inTurn(failure, words));
  if (code === 16) location.reload(); // the document's own redirect does the rest
}

/** What the turn says, by code. */
function inTurn({ status, code, message }: RpcFailure, words: Messages): string {
  if (message.includes('Pivot in the request is not supported'))
    return 'This conversation has ended. Please start a new chat to continue.';
  if (/spend(?:ing)? cap|spending limit/i.test(message)) return words.spendingCap;
  if (code === 8) return "You've reached your rate limit. Please try again later.";
  if (status === 429) return 'Rate limit exceeded. Please wait a few minutes and try again.';
  if (code === 14 || status === 503)
    return "Model isn't available right now. Please wait a minute and try again.";
  if (code === 3)
    return isTokenLimit(message)
      ? 'Input token count exceeds the maximum number of tokens allowed for this model. Please adjust your prompt and try again.'
      : message;
  return words.internal;
}

function isTokenLimit(message: string): boolean {
  return /token count .*exceeds the maximum/i.test(message);
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
