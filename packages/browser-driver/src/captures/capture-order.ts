import { type CaptureRecord } from '@aistudio/core';

/** Exchanges of one slot that are remembered: pages have one at a time, and few are cut off. */
const MAX_EXCHANGES = 100;

/**
 * Makes each exchange's records what the stream proxy wrote, each once and without a gap: gives the
 * record to go on with, undefined for one that came before. An exchange of which a record is missing
 * (Redis may lose its last moments in a crash) ends `undecodable` there, and says no more.
 */
export function createCaptureOrder(): (record: CaptureRecord) => CaptureRecord | undefined {
  const expected = new Map<string, number>();
  return (record) => {
    if (record.type === 'models') return record;
    const { exchange, index } = record;
    const next = expected.get(exchange) ?? 0;
    if (index < next) return undefined;
    const isWhole = index === next;
    expected.set(exchange, isWhole && record.type !== 'end' ? next + 1 : Infinity);
    const [oldest] = expected.keys();
    if (expected.size > MAX_EXCHANGES && oldest !== undefined) expected.delete(oldest);
    if (isWhole) return record;
    return { type: 'end', exchange, index: next, end: 'undecodable', unknownFrames: 0 };
  };
}
