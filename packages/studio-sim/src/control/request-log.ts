/** One request of the page to the RPC host. Times are epoch ms with fractions. */
export interface LogEntry {
  readonly at: number;
  /** The method, for example `GenerateContent`. */
  readonly rpc: string;
  /** The request array, parsed, unchanged; the text itself where it was no JSON. */
  raw: unknown;
  /** The request in words, for the methods the simulator understands. */
  decoded: unknown;
  /** HTTP status of the reply, once there is one. */
  status: number | null;
  endedAt: number | null;
  /** `client`: the page dropped it. */
  endedBy: 'complete' | 'client' | null;
  /** When each frame was written. */
  readonly sentAt: number[];
}

const MOST_ENTRIES = 1000;

/** What the page asked for, oldest first; the newest thousand. */
export interface RequestLog {
  readonly entries: readonly LogEntry[];
  begin(rpc: string): LogEntry;
  clear(): void;
}

/** An empty log. */
export function createRequestLog(): RequestLog {
  const entries: LogEntry[] = [];
  return {
    entries,
    begin(rpc) {
      const entry: LogEntry = {
        at: now(),
        rpc,
        raw: null,
        decoded: null,
        status: null,
        endedAt: null,
        endedBy: null,
        sentAt: [],
      };
      entries.push(entry);
      if (entries.length > MOST_ENTRIES) entries.shift();
      return entry;
    },
    clear: () => void entries.splice(0),
  };
}

/** Epoch ms with fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
