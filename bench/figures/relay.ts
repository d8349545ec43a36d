import { CaptureRecord, names, recordsIn, type RedisConnection } from '@aistudio/core';

import { arrivals, chatOf, openStream, sim, untilWarm } from '../chat.ts';
import { type Bench, type Figure, type Measurement, repeat } from '../figure.ts';
import { twoStreamHops } from '../floors.ts';

const RUNS = 10;
const CHUNKS = 50;
const PIECE = 'abcd';
/** Between two pieces, ms. */
const SPACING_MS = 30;

/** From a piece's bytes at the stream proxy's socket to the same piece at the client's socket. */
export const relay: Figure = {
  name: 'relay per chunk, proxy socket → client socket',
  unit: 'ms',
  targets: [
    [0.5, 2],
    [0.99, 10],
  ],
  floorName: 'two Redis Stream hops',
  measure: (bench) => measure(bench, () => lastCaptured(bench.redis)),
};

/** The whole way, which begins at the service: its compression, its socket, the proxy's reading. */
export const wholeWay: Figure = {
  ...relay,
  name: 'upstream byte → SSE byte at the client',
  measure: (bench) => measure(bench, () => bench.simulator.lastSendTimes()),
};

async function measure(bench: Bench, departures: () => Promise<number[]>): Promise<Measurement> {
  const prompt = sim({ text: PIECE.repeat(CHUNKS), chunks: CHUNKS, delayMs: SPACING_MS });
  const stream = async (): Promise<number[]> => {
    await untilWarm(bench);
    await bench.simulator.clearLog();
    const response = await openStream(bench, chatOf(prompt));
    const arrived: number[] = [];
    // Pieces that are ready together come as one.
    for await (const { at, text } of arrivals(response)) {
      arrived.push(...Array.from({ length: text.length / PIECE.length }, () => at));
    }
    const sent = await departures(); // of the service also that of its last, empty piece
    if (sent.length < CHUNKS || arrived.length !== CHUNKS) {
      throw new Error(`${sent.length} pieces sent, ${arrived.length} arrived`);
    }
    return arrived.map((at, index) => at - (sent[index] ?? Number.NaN));
  };
  await stream(); // the first one is compiled on its way
  const samples = (await repeat(RUNS, bench, stream)).flat();
  const floor = await twoStreamHops(bench.redis, Math.min(samples.length, 200), SPACING_MS);
  return { samples, floor };
}

/** When the pieces of the last answer came to the stream proxy, epoch ms. */
async function lastCaptured(redis: RedisConnection): Promise<number[]> {
  const times: number[] = [];
  for (const key of await redis.keys(names.capture('*'))) {
    for (const [, fields] of await redis.xrange(key, '-', '+')) {
      for (const text of recordsIn(fields)) {
        const record = CaptureRecord.parse(JSON.parse(text));
        if (record.type === 'request') times.length = 0;
        if (record.type === 'event' && record.event.type === 'text') times.push(record.at);
      }
    }
  }
  return times;
}
