import { stringAt, listAt, at } from '../wire/message.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { h } from './dom.ts';
import { createFrameReader } from './frame-reader.ts';
import { icon } from './icons.ts';
import { type Turn } from './turns.ts';

/** A second answer to the same prompt, to be compared with the first (page.md §10, 16). */
export interface Rival {
  /** Resolves when the user chose or skipped; until then nothing can be run. */
  vote(first: Turn): Promise<void>;
}

/** Asks the service for a second answer. */
export function startRival(app: App, chat: Chat, request: unknown, signal: AbortSignal): Rival {
  let text = '';
  const reader = createFrameReader();
  const done = app.rpc
    .stream(
      'GenerateContent',
      request,
      (piece) => {
        for (const frame of reader.push(piece)) text += answerText(frame);
      },
      signal,
    )
    .catch(() => {}); // without a second answer the first stands

  return {
    async vote(first) {
      app.isVoting.set(true);
      await done;
      const isSecondBetter = await ask(first, text);
      app.isVoting.set(false);
      if (!isSecondBetter) return;
      chat.remove(first);
      const turn = chat.addTurn('model');
      chat.addText(turn, text);
      turn.finish(0);
    },
  };
}

function answerText(frame: unknown): string {
  return listAt(frame, 0, 0, 0, 0)
    .filter((part) => at(part, 12) === undefined)
    .map((part) => stringAt(part, 1) ?? '')
    .join('');
}

async function ask(first: Turn, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (isSecondBetter: boolean) => () => {
      bar.remove();
      resolve(isSecondBetter);
    };
    const bar = h(
      'ms-preference-vote',
      {},
      h('p', {}, 'Which response do you prefer?'),
      h('div.rival-answer', {}, text),
      h(
        'div.vote-buttons',
        {},
        h('button.vote-first', { onClick: answer(false) }, 'The first'),
        h('button.vote-second', { onClick: answer(true) }, 'The second'),
        h(
          'button[data-test-id="skip-button"][aria-label="Skip preference vote"]',
          { onClick: answer(false) },
          'Skip',
          icon('close'),
        ),
      ),
    );
    first.append(bar);
  });
}
