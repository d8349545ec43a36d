import { type CaptureFeed } from '../captures/capture-feed.ts';
import { type PageEvidence } from '../page/page-evidence.ts';
import { type StudioPage } from '../page/studio-page.ts';

/** One page that can answer one prompt at a time. */
export interface Slot {
  readonly id: string;
  readonly page: StudioPage;
  /** What the stream proxy sees of this page; absent when it does not go through one. */
  readonly captures: CaptureFeed | undefined;
  /** What the page itself asks and receives; absent when PAGE_EVIDENCE is off. */
  readonly evidence: PageEvidence | undefined;
  /** Aborts, with the error to report, when the page is lost: crashed, closed, browser gone. */
  readonly lost: AbortSignal;
  /** Makes `page` another one, with an empty chat, that does not go through the stream proxy. */
  bypassProxy(signal: AbortSignal): Promise<void>;
  /** Says that this page misbehaved: before its next prompt it is loaded anew. */
  requireRecovery(reason: string): void;
  /** Says that AI Studio took the prompt that was sent from this page. */
  accepted(): void;
  /** Says that it refused the prompt (403): see `recovery.ts` for what the page does before its next. */
  refused(): void;
  /** Keeps a snapshot of the page if `error` is one that the page is to blame for. */
  keepEvidence(error: unknown): Promise<void>;
}

/** A slot for one prompt; disposing gives it back, for its page to get an empty chat. */
export interface SlotLease extends Disposable {
  readonly slot: Slot;
  /** Gives it back unused: its page is ready as it is. Disposing does nothing more then. */
  readonly putBack: () => void;
}
