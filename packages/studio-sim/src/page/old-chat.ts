import { at, stringAt } from '../wire/message.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { type Content } from './request.ts';

const KEY = 'studio-sim-old-chat';

/**
 * With its fault on: who opens the new-chat address in a tab that shows a chat gets the old turns
 * back (page.md §8).
 */
export function keepOldChat({ live }: App, chat: Chat): void {
  window.addEventListener('pagehide', () => {
    if (live.isOn('old-chat-returns')) sessionStorage.setItem(KEY, JSON.stringify(chat.contents));
  });
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (kept === null || !live.take('old-chat-returns')) return;
  const contents: Content[] = JSON.parse(kept);
  for (const [parts, role] of contents) {
    const turn = chat.addTurn(role);
    for (const part of parts) {
      const text = stringAt(part, 1);
      if (text === undefined) chat.addPart(turn, Array.isArray(part) ? part : []);
      else chat.addText(turn, text, stringAt(at(part), 14));
    }
    if (role === 'model') turn.finish(0);
  }
}
