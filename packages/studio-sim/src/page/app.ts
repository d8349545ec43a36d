import { type PageConfig } from '../site/html.ts';
import { type Effects } from './effects.ts';
import { type Live } from './live.ts';
import { type Marks, type Variant } from './marks.ts';
import { type Model } from './model-record.ts';
import { type Overlays } from './overlays.ts';
import { type Rpc } from './rpc.ts';
import { type Settings } from './settings.ts';
import { type Store } from './store.ts';
import { type Toasts } from './toasts.ts';

/** What the run button shows. */
export type RunState = 'idle' | 'generating';

/** What every component of the page may know. */
export interface App {
  readonly config: PageConfig;
  readonly live: Live;
  /** Whatever follows a control's own state goes through this. */
  readonly effects: Effects;
  readonly variant: Variant;
  readonly marks: Marks;
  readonly rpc: Rpc;
  /** Where texts stand that only describe other elements. */
  readonly descriptions: HTMLElement;
  readonly overlays: Overlays;
  readonly toasts: Toasts;
  readonly models: Store<readonly Model[]>;
  readonly settings: Store<Settings>;
  readonly runState: Store<RunState>;
  /** Whether the chat is kept out of the history. */
  readonly isTemporary: Store<boolean>;
  /** Whether a turn is open for editing. */
  readonly isEditing: Store<boolean>;
  /** Whether two answers wait for a vote. */
  readonly isVoting: Store<boolean>;
  /** Whether the count of tokens must be waited for. */
  readonly isCounting: Store<boolean>;
  /** Tokens of the chat and of what stands in the prompt box. */
  readonly tokenTotal: Store<number>;
}
