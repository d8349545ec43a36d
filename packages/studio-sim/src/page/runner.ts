import { createAnswerView } from './answer-view.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { delay, h } from './dom.ts';
import { showFailure } from './failures.ts';
import { createFrameReader } from './frame-reader.ts';
import { generateContentRequest } from './request.ts';
import { type Turn } from './turns.ts';

/** Sends what the chat holds and shows the answer. */
export interface Runner {
  /** Adds the user's words as a turn, then runs. */
  send(prompt: string): Promise<void>;
  stop(): void;
}

/** A chat's runner: one generation at a time. */
export function createRunner(app: App, chat: Chat): Runner {
  const { live, runState } = app;
  let stopper = new AbortController();

  const generate = async (): Promise<void> => {
    const begun = performance.now();
    stopper = new AbortController();
    const { signal } = stopper;
    runState.set('generating');
    const loading = addLoadingTurn(chat);
    const view = createAnswerView(chat, () => chat.remove(loading));
    try {
      await delay(live.timing.beforeRequest, signal);
      const request = await generateContentRequest(chat.contents, app.settings.value);
      const reader = createFrameReader();
      const read = (text: string): void => {
        for (const frame of reader.push(text)) view.addFrame(frame);
      };
      await app.rpc.stream('GenerateContent', request, read, signal);
      await delay(live.timing.finish, signal);
      const { finish, isBlocked } = view.outcome;
      if (finish === undefined && !isBlocked) throw new Error('The answer has no end.');
      if (isBlocked || finish === 3 || finish === 8)
        view.answerTurn().fail(finish === 8 ? 'Prohibited content' : 'Content blocked', true);
    } catch (error) {
      if (!signal.aborted) showFailure(app, error, view.answerTurn());
    } finally {
      view.settle();
      view.answerTurn().finish(performance.now() - begun);
      if (view.parts.length > 0) chat.remember([view.parts, 'model']);
      runState.set('idle');
    }
  };

  return {
    async send(prompt) {
      if (runState.value !== 'idle') return;
      const turn = chat.addTurn('user');
      chat.addText(turn, prompt);
      chat.remember([[[null, prompt]], 'user']);
      await generate();
    },
    stop: () => stopper.abort(new Error('stopped')),
  };
}

function addLoadingTurn(chat: Chat): Turn {
  const turn = chat.addTurn('model');
  turn.content.append(
    h('ms-chat-loading-indicator', {}, h('loading-indicator'), h('span', {}, 'Thinking…')),
  );
  return turn;
}
