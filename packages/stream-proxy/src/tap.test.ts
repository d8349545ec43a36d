import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { CaptureRecord, type Log } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type Capture, createCapture } from './capture.ts';
import { type Tap } from './tap.ts';
import { createTaps } from './taps.ts';

const REQUEST = Buffer.from('["models/m",[[[[null,"hi"]],"user"]],null,[],"!"]');
const ANSWER = Buffer.from('[[[[[[[[null,"hello"]],"model"],1]]]]]');

/** Just enough of a Redis: it keeps what is written, or fails while it is down. */
class Streams {
  isDown = false;
  readonly records: CaptureRecord[] = [];
  xadd = async (...command: unknown[]): Promise<string> => {
    if (this.isDown) throw new Error('down');
    const fields = command.slice(command.indexOf('*') + 1).filter((_, index) => index % 2 === 1);
    this.records.push(...fields.map((field) => CaptureRecord.parse(JSON.parse(String(field)))));
    return '1-1';
  };
  pexpire = async (): Promise<number> => 1;
}

function start(rpc = 'GenerateContent'): { tap: Tap; streams: Streams; capture: Capture } {
  const streams = new Streams();
  const capture = createCapture(streams, silentLog);
  const openTap = createTaps(capture, () => Promise.resolve(undefined), silentLog);
  const tap = openTap({ slot: 'slot-1', method: 'POST', url: `/${rpc}` });
  if (!tap) throw new Error('no tap');
  return { tap, streams, capture };
}

/** The records without the exchange's name, which is the same on all, and their place in it. */
function say(streams: Streams): unknown[] {
  const names = new Set<string>();
  const places: number[] = [];
  const bare = streams.records.map((record) => {
    if (record.type === 'models') return record;
    const { exchange, index, ...rest } = record;
    names.add(exchange);
    places.push(index);
    return rest;
  });
  expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
  expect(names.size).toBeLessThanOrEqual(1);
  return bare;
}

function ask(tap: Tap): void {
  tap.requestBytes(REQUEST.subarray(0, 5));
  tap.requestBytes(REQUEST.subarray(5));
  tap.requestEnd();
}

const request = {
  type: 'request',
  at: expect.any(Number),
  summary: expect.objectContaining({ model: 'm' }),
};
const end = (how: string): object => ({ type: 'end', end: how, unknownFrames: 0 });

/** A logger that hands over every line. */
function createLog(onLine: (line: string) => void): Log {
  const write = (...line: unknown[]): void => onLine(JSON.stringify(line));
  const log = { log: write, info: write, warn: write, error: write, debug: write };
  return { ...log, child: () => createLog(onLine) } as unknown as Log;
}

describe('AnswerTap', () => {
  it('records request, response, events and end, in order', () => {
    const { tap, streams } = start();
    ask(tap);
    tap.response(200, {});
    tap.responseBytes(ANSWER.subarray(0, 10));
    tap.responseBytes(ANSWER.subarray(10));
    tap.responseEnd();
    expect(say(streams)).toEqual([
      request,
      { type: 'response', status: 200 },
      { type: 'event', at: expect.any(Number), event: { type: 'text', text: 'hello' } },
      { type: 'event', at: expect.any(Number), event: { type: 'finish', reason: 'stop' } },
      end('complete'),
    ]);
  });

  it('reads compressed answers', async () => {
    const { tap, streams } = start();
    ask(tap);
    tap.response(200, { 'content-encoding': 'gzip' });
    tap.responseBytes(gzipSync(ANSWER));
    tap.responseEnd();
    while (streams.records.at(-1)?.type !== 'end') await turn();
    expect(say(streams)).toHaveLength(5);
    expect(say(streams).at(-1)).toEqual(end('complete'));
  });

  it('hands over at the first thing it does not know, while the answer still comes', () => {
    const { tap, streams } = start();
    ask(tap);
    tap.response(200, {});
    tap.responseBytes(Buffer.from('[[[[[[[[null,"hello"]],"model"]]]],["new"],'));
    const handedOver = [
      request,
      { type: 'response', status: 200 },
      { type: 'event', at: expect.any(Number), event: { type: 'text', text: 'hello' } },
      { type: 'end', end: 'undecodable', unknownFrames: 1 },
    ];
    expect(say(streams)).toEqual(handedOver);
    tap.responseBytes(Buffer.from('[[[[[[null,"lost"]],"model"],1]]]]]'));
    tap.responseEnd();
    expect(say(streams)).toEqual(handedOver);
  });

  it('records a refusal with its waiting time', () => {
    const { tap, streams } = start();
    ask(tap);
    tap.response(429, { 'retry-after': '30' });
    tap.responseBytes(Buffer.from('[,[8,"Exhausted"]]'));
    tap.responseEnd();
    expect(say(streams).slice(2)).toMatchObject([
      { event: { type: 'error', error: { code: 'rate_limit_exceeded', retryAfterSeconds: 30 } } },
      end('complete'),
    ]);
  });

  it('records a connection that broke as an interruption', () => {
    for (const isAnswered of [true, false]) {
      const { tap, streams } = start();
      ask(tap);
      if (isAnswered) tap.response(200, {});
      if (isAnswered) tap.responseBytes(ANSWER.subarray(0, 30));
      tap.interrupted();
      expect(say(streams).slice(-2)).toMatchObject([
        { event: { type: 'error', error: { code: 'upstream_interrupted' } } },
        end('truncated'),
      ]);
    }
  });

  it('records that the page dropped its request, and nothing after', () => {
    const { tap, streams } = start();
    ask(tap);
    tap.response(200, {});
    tap.aborted();
    tap.responseBytes(ANSWER);
    tap.responseEnd();
    expect(say(streams)).toEqual([request, { type: 'response', status: 200 }, end('aborted')]);
  });

  it.each([
    [{ 'content-encoding': 'zstd' }, ANSWER],
    [{ 'content-encoding': 'gzip' }, ANSWER],
    [{}, Buffer.from('{"new":"format"}')],
  ])('says so when it cannot read the answer (%j)', async (headers, body) => {
    const { tap, streams } = start();
    ask(tap);
    tap.response(200, headers);
    tap.responseBytes(body);
    tap.responseEnd();
    while (streams.records.at(-1)?.type !== 'end') await turn();
    expect(say(streams)).toEqual([request, { type: 'response', status: 200 }, end('undecodable')]);
  });

  it('says so when it cannot read the request', () => {
    const { tap, streams } = start();
    tap.requestBytes(Buffer.from('what?'));
    tap.requestEnd();
    tap.response(200, {});
    expect(say(streams)).toMatchObject([
      { type: 'request', undecodable: expect.any(String) },
      { type: 'response' },
    ]);
  });

  it('gives the request up when the answer comes before its end', () => {
    const { tap, streams } = start();
    tap.requestBytes(REQUEST);
    tap.response(400, {});
    tap.requestEnd();
    expect(say(streams)).toMatchObject([
      { type: 'request', undecodable: expect.any(String) },
      { type: 'response' },
    ]);
  });

  it('ends an exchange as undecodable once a record of it is lost', async () => {
    const { tap, streams, capture } = start();
    ask(tap);
    tap.response(200, {});
    streams.isDown = true;
    tap.responseBytes(ANSWER);
    streams.isDown = false;
    await turn();
    tap.responseEnd();
    expect(capture.lost).toBe(2);
    expect(streams.records.at(-1)).toMatchObject({ index: 4 });
    expect(say(streams)).toEqual([request, { type: 'response', status: 200 }, end('undecodable')]);
  });
});

describe('a capture', () => {
  it('is idle once Redis has the end of every exchange that began', async () => {
    const { tap, streams, capture } = start();
    ask(tap);
    tap.response(200, {});
    let isIdle = false;
    const idle = capture.untilIdle(60_000).then(() => (isIdle = true));
    tap.responseBytes(ANSWER);
    await turn();
    expect(isIdle).toBe(false);
    tap.responseEnd();
    await idle;
    expect(say(streams).at(-1)).toEqual(end('complete'));
    await capture.untilIdle(60_000);
  });

  it('does not wait for longer than it may', async () => {
    const { tap, capture } = start();
    ask(tap);
    await capture.untilIdle(0);
    expect(capture.lost).toBe(0);
  });
});

/** A message with these positions set, as JSON. */
function message(fields: Readonly<Record<number, unknown>>): unknown[] {
  const positions: unknown[] = [];
  for (const [position, value] of Object.entries(fields)) positions[Number(position)] = value;
  return Array.from(positions, (value) => value ?? null);
}
const interaction = (fields: Readonly<Record<number, unknown>> = {}): unknown[] =>
  message({ 0: 'interactions/abc', 1: 1, 17: ['models/m'], 26: [[[[[['hi']]]]]], ...fields });
const INTERACTION_REQUEST = JSON.stringify([1, 1, null, interaction(), '!SECRET', 1]);
const created = message({ 18: [['interactions/abc', 1]] });
const started = message({ 9: [null, [null, []]] });
const delta = (text: string): unknown[] => message({ 10: [null, [[text]]] });
const completed = message({ 19: [['interactions/abc', 3]] });
const said = (...pieces: string[]): object[] =>
  pieces.map((text) => ({ type: 'event', at: expect.any(Number), event: { type: 'text', text } }));
const finish = { type: 'event', at: expect.any(Number), event: { type: 'finish', reason: 'stop' } };

/** Several calls of one page, one after the other. */
function startPage(): {
  call: (rpc: string, request: string, status: number, answer: string) => Tap;
  streams: Streams;
} {
  const streams = new Streams();
  const capture = createCapture(streams, silentLog);
  const openTap = createTaps(capture, () => Promise.resolve(undefined), silentLog);
  return {
    streams,
    call(rpc, body, status, answer) {
      const tap = openTap({ slot: 'slot-1', method: 'POST', url: `/x.MakerSuiteService/${rpc}` });
      if (!tap) throw new Error('no tap');
      tap.requestBytes(Buffer.from(body));
      tap.requestEnd();
      tap.response(status, {});
      tap.responseBytes(Buffer.from(answer));
      tap.responseEnd();
      return tap;
    },
  };
}

describe('bundle C1: a model that is asked over interactions', () => {
  const LOOKUP = '["interactions/abc",1,null,null,"!SECRET",1]';
  const REPLY = JSON.stringify(interaction());
  const stream = (...events: unknown[]): string => JSON.stringify([events]);
  const response = { type: 'response', status: 200 };

  it('is captured like any other when its answer is streamed', () => {
    const { call, streams } = startPage();
    const answer = stream(created, started, delta('hel'), delta('lo'), completed);
    call('CreateInteractionStream', INTERACTION_REQUEST, 200, answer);
    expect(say(streams)).toEqual([
      request,
      response,
      ...said('hel', 'lo'),
      finish,
      end('complete'),
    ]);
    expect(JSON.stringify(streams.records)).not.toContain('SECRET');
  });

  it('is one exchange when its answer comes by a second call', () => {
    const { call, streams } = startPage();
    call('CreateInteraction', INTERACTION_REQUEST, 200, REPLY);
    expect(say(streams)).toEqual([request, response]);
    call('GetInteractionStream', LOOKUP, 200, stream(created, started, delta('hello'), completed));
    expect(say(streams)).toEqual([request, response, ...said('hello'), finish, end('complete')]);
    expect(JSON.stringify(streams.records)).not.toContain('SECRET');
  });

  it('is waited for while the page asks again for a stream that failed', () => {
    const { call, streams } = startPage();
    call('CreateInteraction', INTERACTION_REQUEST, 200, REPLY);
    call('GetInteractionStream', LOOKUP, 503, '[,[14,"not yet"]]');
    call('GetInteractionStream', LOOKUP, 200, stream(created));
    call('GetInteractionStream', LOOKUP.replace('abc', 'other'), 200, stream(delta('other')));
    expect(say(streams)).toEqual([request, response]);
    call('GetInteractionStream', LOOKUP, 200, stream(created, started, delta('hello'), completed));
    expect(say(streams).slice(2)).toEqual([...said('hello'), finish, end('complete')]);
  });

  it('fails when the page has asked often enough, and at once where asking again is no use', () => {
    const { call, streams } = startPage();
    call('CreateInteraction', INTERACTION_REQUEST, 200, REPLY);
    for (let attempt = 0; attempt < 5; attempt++) {
      call('GetInteractionStream', LOOKUP, 503, '[,[14,"overloaded"]]');
    }
    expect(say(streams).slice(2)).toMatchObject([
      { event: { type: 'error', error: { code: 'upstream_error' } } },
      end('complete'),
    ]);
    const quota = startPage();
    quota.call('CreateInteraction', INTERACTION_REQUEST, 200, REPLY);
    quota.call('GetInteractionStream', LOOKUP, 429, '[,[8,"exhausted"]]');
    expect(say(quota.streams).slice(2)).toMatchObject([
      { event: { type: 'error', error: { code: 'rate_limit_exceeded' } } },
      end('complete'),
    ]);
  });

  it('is left to the page when a stream breaks off in its middle', () => {
    const { call, streams } = startPage();
    call('CreateInteraction', INTERACTION_REQUEST, 200, REPLY);
    call('GetInteractionStream', LOOKUP, 200, stream(created, started, delta('hel')).slice(0, -2));
    expect(say(streams).slice(2)).toEqual([...said('hel'), end('undecodable')]);
  });

  it('is refused when it cannot be made, and over when the page asks something else', () => {
    const { call, streams } = startPage();
    call('CreateInteraction', INTERACTION_REQUEST, 403, '[,[7,"permission denied"]]');
    expect(say(streams).slice(2)).toMatchObject([
      { event: { type: 'error', error: { code: 'upstream_error' } } },
      end('complete'),
    ]);
    const odd = startPage();
    odd.call('CreateInteraction', INTERACTION_REQUEST, 200, '[[[]]]');
    expect(say(odd.streams).at(-1)).toEqual(end('undecodable'));
    const next = startPage();
    next.call('CreateInteraction', INTERACTION_REQUEST, 200, REPLY);
    next.call('GenerateContent', REQUEST.toString(), 200, ANSWER.toString());
    const ends = next.streams.records.filter(({ type }) => type === 'end');
    expect(ends).toMatchObject([{ end: 'aborted' }, { end: 'complete' }]);
  });
});

describe('a person’s API key', () => {
  it('bundle §2.1: reaches neither the records nor the log, wherever it stands', async () => {
    const key = 'AIza-planted-secret';
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line));
    const streams = new Streams();
    const openTap = createTaps(createCapture(streams, log), () => Promise.resolve('job'), log);
    const body = JSON.stringify([
      ...JSON.parse(REQUEST.toString()),
      ...Array(9).fill(null),
      key,
      key,
    ]);
    for (const [rpc, text] of [
      ['GenerateContent', body],
      ['GenerateContent', `${body}broken`],
      ['CreateInteractionStream', INTERACTION_REQUEST.replace('!SECRET', key)],
      ['CreateInteraction', `[${JSON.stringify(key)}]`],
    ] as const) {
      const tap = openTap({ slot: 'slot-1', method: 'POST', url: `/${rpc}?key=${key}` });
      tap?.requestBytes(Buffer.from(text));
      tap?.requestEnd();
      tap?.response(200, { 'x-aistudio-user-api-key': key });
      tap?.responseBytes(ANSWER);
      tap?.responseEnd();
      tap?.aborted();
    }
    await turn();
    expect(lines.length).toBeGreaterThan(3);
    expect([...lines, JSON.stringify(streams.records)].join('\n')).not.toContain('planted');
  });
});

describe('ModelsTap', () => {
  it('records the list', () => {
    const { tap, streams } = start('ListModels');
    tap.requestBytes(Buffer.from('[]'));
    tap.requestEnd();
    tap.response(200, {});
    tap.responseBytes(Buffer.from('[[["models/a"],["models/b"]]]'));
    tap.responseEnd();
    expect(streams.records).toMatchObject([{ type: 'models', models: [{ id: 'a' }, { id: 'b' }] }]);
  });

  it('says nothing of a list that failed or broke off', () => {
    const { tap, streams } = start('ListModels');
    tap.response(401, {});
    tap.responseBytes(Buffer.from('[16,"x"]'));
    tap.responseEnd();
    const broken = start('ListModels');
    broken.tap.response(200, {});
    broken.tap.responseBytes(Buffer.from('[[["models/a"]'));
    broken.tap.interrupted();
    expect([...streams.records, ...broken.streams.records]).toEqual([]);
  });
});
