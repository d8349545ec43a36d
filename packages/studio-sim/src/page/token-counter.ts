import { numberAt } from '../wire/message.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { delay } from './dom.ts';
import { type PromptBox } from './prompt-box.ts';
import { type Content, countTokensRequest } from './request.ts';

const LOOP_MS = 1000;

/**
 * Keeps the token count up to date: asks the service a moment after the last change
 * (wire-format.md §7).
 */
export function watchTokens(app: App, chat: Chat, prompt: PromptBox): void {
  const { live, rpc, runState, settings, tokenTotal, isCounting } = app;
  let latest = 0;
  const recount = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    await delay(live.timing.countTokens);
    if (mine !== latest || !settings.value.model) return;
    const text = prompt.text.value;
    const typed: Content[] = text === '' ? [] : [[[[null, text]], 'user']];
    const contents = [...chat.contents, ...typed];
    if (contents.length === 0) return tokenTotal.set(0);
    try {
      const reply = await rpc.call('CountTokens', countTokensRequest(contents, settings.value));
      if (mine !== latest) return;
      tokenTotal.set(numberAt(reply, 0) ?? 0);
      const isLoop = live.isOn('count-tokens-loop');
      isCounting.set(isLoop);
      if (isLoop) window.setTimeout(() => void recount(), LOOP_MS); // asks again and again, as seen
    } catch {
      app.toasts.show('error', 'Failed to count tokens');
    }
  };
  prompt.text.watch(() => void recount());
  settings.watch(() => void recount());
  runState.watch((state) => void (state === 'idle' && recount()));
}
