import { numberAt } from '../wire/message.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { delay } from './dom.ts';
import { type PromptBox } from './prompt-box.ts';
import { type Content, countTokensRequest } from './request.ts';

const LOOP_MS = 1000;

/**
 * Keeps the token count up to date: a moment after the last change it asks the service about each
 * chunk whose count is not known yet, and adds them up (wire-format.md §7). Since U3 a failure is
 * not told.
 */
export function watchTokens(app: App, chat: Chat, prompt: PromptBox): void {
  const { live, rpc, runState, settings, tokenTotal, isCounting, variant } = app;
  const counts = new Map<string, number>();
  let latest = 0;

  const countOf = async (content: Content): Promise<number> => {
    const request = countTokensRequest(content, settings.value);
    const key = JSON.stringify(request);
    const known = counts.get(key);
    if (known !== undefined) return known;
    const count = numberAt(await rpc.call('CountTokens', request), 0) ?? 0;
    counts.set(key, count);
    return count;
  };
  const recount = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    await delay(live.timing.countTokens);
    const { model, systemInstruction } = settings.value;
    if (mine !== latest || !model || model.kind === 'agent') return;
    const texts = [systemInstruction, prompt.text.value].filter((text) => text !== '');
    const typed = texts.map((text): Content => [[[null, text]], 'user']);
    const chunks = [...chat.contents, ...typed];
    if (chunks.length === 0) return tokenTotal.set(0);
    try {
      const isLoop = live.isOn('count-tokens-loop');
      if (isLoop) counts.clear();
      const each = await Promise.all(chunks.map(countOf));
      if (mine !== latest) return;
      tokenTotal.set(each.reduce((sum, count) => sum + count, 0));
      isCounting.set(isLoop);
      if (isLoop) window.setTimeout(() => void recount(), LOOP_MS); // asks again and again, as seen
    } catch {
      if (variant !== 'u3') app.toasts.show('error', 'Failed to count tokens');
    }
  };
  prompt.text.watch(() => void recount());
  settings.watch(() => void recount());
  runState.watch((state) => void (state === 'idle' && recount()));
}
