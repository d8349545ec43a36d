import { type AnswerView, createAnswerView } from './answer-view.ts';
import { type App } from './app.ts';
import { type Attachment } from './attachments.ts';
import { type Chat } from './chat.ts';
import { delay, h } from './dom.ts';
import { reportError, showFailure } from './failures.ts';
import { createFrameReader } from './frame-reader.ts';
import { runInteraction } from './interaction-runner.ts';
import { mediaChunk } from './media-preview.ts';
import { type Rival, startRival } from './preference-vote.ts';
import { generateContentRequest } from './request.ts';
import { failureOf } from './rpc.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { type Turn } from './turns.ts';
import { attestationUp, attestForEver, stopped } from './waits.ts';

/** Sends what the chat holds and shows the answer. */
export interface Runner {
  /** Adds the user's words and files as turns, then runs. */
  send(prompt: string, files: readonly Attachment[]): Promise<void>;
  stop(): void;
  /** Begins a new chat: nothing of the old one is continued. */
  forget(): void;
}

const BLOCKED_FINISH: Readonly<Record<number, string>> = {
  3: 'Content blocked',
  8: 'Prohibited content',
};

/** A chat's runner: one generation after the other. */
export function createRunner(app: App, chat: Chat): Runner {
  const { live, runState } = app;
  let stopper = new AbortController();
  let running = Promise.resolve();
  let isSpoiled = false;
  let isFresh = true;
  let previousId: string | undefined;

  /** What the controls show, unless a fault has it otherwise. */
  const sentSettings = (): Settings => {
    if (live.take('grounding-returns')) turnGroundingOn(app);
    const { value } = app.settings;
    return live.take('settings-not-sent') ? defaultSettings(value.model) : value;
  };
  const makeRequest = async (): Promise<unknown[]> => {
    const request = await generateContentRequest(chat.contents, sentSettings(), { previousId });
    isSpoiled ||= live.take('stale-attestation');
    const isRefused = isSpoiled || (isFresh && live.isOn('refused-after-load'));
    return isRefused ? request.with(4, '!stale') : request;
  };

  /** Asks and shows the answer; gives the second answer to vote on, where there is one. */
  const ask = async (view: AnswerView, signal: AbortSignal): Promise<Rival | undefined> => {
    await delay(live.timing.beforeRequest, signal);
    if (live.take('jserror-noise')) reportError('ResizeObserver loop');
    if (live.take('request-never-sent')) await attestForEver(signal);
    await attestationUp(app, signal);
    if (live.take('error-toast')) throw new Error('The page failed before it asked.');
    const isStuck = live.take('stuck-spinner');
    const show = (frame: unknown): void => {
      if (!isStuck) view.addFrame(frame);
    };
    const rival = app.settings.value.model?.kind
      ? await interact(show, signal)
      : await askForContent(show, signal);
    previousId = view.outcome.responseId ?? previousId;
    if (isStuck) await stopped(signal);
    await delay(live.timing.finish, signal);
    showEnd(view);
    if (live.take('stays-generating')) await stopped(signal);
    return rival;
  };
  const askForContent = async (
    show: (frame: unknown) => void,
    signal: AbortSignal,
  ): Promise<Rival | undefined> => {
    const request = await makeRequest();
    const rival = live.take('preference-vote') ? startRival(app, chat, request, signal) : undefined;
    const reader = createFrameReader();
    const read = (text: string): void => {
      for (const frame of reader.push(text)) show(frame);
    };
    await app.rpc.stream('GenerateContent', request, read, signal);
    const failure = failureOf(reader.status);
    if (failure) throw failure;
    return rival;
  };
  const interact = async (
    onFrame: (frame: unknown) => void,
    signal: AbortSignal,
  ): Promise<undefined> => {
    const settings = sentSettings();
    const isBackground = settings.model?.isBackground ?? false;
    const { contents } = chat;
    const run = { contents, settings, isBackground, previousId, onFrame };
    previousId = await runInteraction(app, run, signal);
  };

  const generate = async (): Promise<void> => {
    const begun = performance.now();
    stopper = new AbortController();
    const { signal } = stopper;
    runState.set('generating');
    const loading = addLoadingTurn(chat);
    const view = createAnswerView(app, chat, {
      onFirst: () => chat.remove(loading),
      onResponses: () => void enqueue(() => {}),
    });
    let rival: Rival | undefined;
    try {
      rival = await ask(view, signal);
    } catch (error) {
      if (!signal.aborted) {
        showFailure(app, error, view.answerTurn(), failurePrefix(app));
        if (live.take('rate-limit-then-hang')) await stopped(signal).catch(() => {});
      }
    }
    view.settle();
    view.answerTurn().finish(performance.now() - begun);
    runState.set('idle');
    await rival?.vote(view.answerTurn());
  };

  /** Runs when nothing else does. */
  const enqueue = (prepare: () => void): Promise<void> => {
    const afterwards = async (before: Promise<void>): Promise<void> => {
      await before;
      prepare();
      await generate();
    };
    running = afterwards(running);
    return running;
  };

  return {
    send: (prompt, files) =>
      enqueue(() => {
        addFiles(chat, files);
        if (prompt !== '') chat.addText(chat.addTurn('user'), prompt);
      }),
    stop: () => stopper.abort(new Error('stopped')),
    forget() {
      isFresh = false;
      previousId = undefined;
    },
  };
}

/** Files make a turn of their own before the words (page.md §5). */
function addFiles(chat: Chat, files: readonly Attachment[]): void {
  if (files.length === 0) return;
  const turn = chat.addTurn('user');
  for (const file of files)
    chat.addPart(turn, [null, null, null, null, null, [file.driveId]], mediaChunk(file));
}

function addLoadingTurn(chat: Chat): Turn {
  const turn = chat.addTurn('model');
  turn.append(
    h('ms-chat-loading-indicator', {}, h('loading-indicator'), h('span', {}, 'Thinking…')),
  );
  return turn;
}

/** A blocked answer says so; an answer without any end is an error. */
function showEnd(view: AnswerView): void {
  const { finish, isBlocked } = view.outcome;
  if (finish === undefined && !isBlocked) throw new Error('The answer has no end.');
  const note = isBlocked ? 'Content blocked' : BLOCKED_FINISH[finish ?? 0];
  if (note !== undefined) view.answerTurn().block(note);
}

/** What the toast about a failed call begins with. */
function failurePrefix({ settings }: App): string {
  const { kind, isBackground } = settings.value.model ?? {};
  if (!kind) return 'Failed to generate content';
  return isBackground ? 'Failed to create interaction' : 'Failed to create interaction stream';
}

function turnGroundingOn({ settings }: App): void {
  settings.patch({ tools: new Set([...settings.value.tools, 'googleSearch' as const]) });
}
