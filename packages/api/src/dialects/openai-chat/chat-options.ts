import { type JobEvent } from '@aistudio/core';

import { type Download } from '../../files/download.ts';
import { type TakeRequest } from '../../http/rate-limit.ts';
import { type BackgroundPrompts } from '../../jobs/background/background-prompts.ts';
import { type SubmitJob } from '../../jobs/submit-job.ts';
import { type ListModels } from '../../routes/models.ts';
import { type Envelope, type WritingOptions } from '../shared/answer.ts';
import { type ChunkOptions } from './stream.ts';
import { type SettingDefaults } from './to-settings.ts';

/** What a chat needs of the rest of the process. */
export interface ChatOptions {
  readonly ask: SubmitJob;
  readonly listModels: ListModels;
  readonly download: Download;
  readonly takeRequest: TakeRequest;
  readonly background: BackgroundPrompts;
  readonly defaults: SettingDefaults;
  /** Whether a parameter that cannot shape the answer as it should is refused. */
  readonly isStrict: boolean;
  /** Whether an answer that breaks its response_format is asked for once more, if not streamed. */
  readonly repairsJson: boolean;
  readonly keepAlive: KeepAlive;
  /** Whether thinking goes out under two names (S-14). */
  readonly mirrorsReasoning: boolean;
}

/** How a client is kept waiting. */
export interface KeepAlive {
  /** Longest silence of a stream, ms. */
  readonly everyMs: number;
  /** With comments, which are no events, or with chunks that say nothing, for clients that trip over comments. */
  readonly style: 'comment' | 'chunk';
  /** How long an answer in one piece may take before blank lines go ahead of it, ms; 0 = any time. */
  readonly jsonAfterMs: number;
}

/** How an endpoint writes an answer down. Both throw the job's error as a RecordedError. */
export interface AnswerFormat {
  /** In one piece: a JSON body. */
  whole(
    events: AsyncIterable<JobEvent>,
    envelope: Envelope,
    options: WritingOptions,
  ): Promise<object>;
  /** In pieces: the data of server-sent events. */
  pieces(
    events: AsyncIterable<JobEvent>,
    envelope: Envelope,
    options: ChunkOptions,
  ): AsyncIterable<string>;
  /** A piece with nothing in it. */
  idle(envelope: Envelope, options: ChunkOptions): string;
}
