import { EventEmitter } from 'node:events';

import { describe, expect, it } from '@jest/globals';

import { type Exchange } from './network.ts';
import { watchEvidence } from './page-evidence.ts';

const RPC =
  'https://alkalimakersuite-pa.clients6.google.com/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/';
const ANSWER = '[[[[[[[[null,"hel"]],"model"]]]],[[[[[[null,"lo"]],"model"],1]]]]]';
const never = new AbortController().signal;

interface Call {
  readonly url?: string;
  readonly method?: string;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** What came; `dropped`: the browser has it no more. */
  readonly body?: string;
  readonly failure?: string;
  readonly asked?: string;
}

const request = (call: Call = {}): Exchange => {
  const { url = `${RPC}GenerateContent`, method = 'POST', status = 200, headers = {} } = call;
  const { body = ANSWER, failure } = call;
  const { asked = '["models/m",[[[[null,"hi"]],"user"]],null,[],"!"]' } = call;
  return {
    url,
    method,
    response: { status, headers },
    failure,
    readRequest: async () => Buffer.from(asked),
    readResponse: async () => (body === 'dropped' ? undefined : Buffer.from(body)),
  };
};

/** A page that makes these calls one after the other, and what can be seen of the first. */
async function watch(...calls: Exchange[]): Promise<ReturnType<typeof watchEvidence>> {
  const network = new EventEmitter();
  const evidence = watchEvidence(network);
  for (const call of calls) {
    network.emit('request', call);
    network.emit(call.failure === undefined ? 'finished' : 'failed', call);
    await new Promise(setImmediate);
  }
  return evidence;
}
const outcomeOf = async (call: Call): Promise<unknown> =>
  (await (await watch(request(call))).call(0, never))?.outcome;

describe('page evidence', () => {
  it('is what was asked, the whole text, and how it ended', async () => {
    const call = await (await watch(request())).call(0, never);
    expect(call?.summary).toMatchObject({ model: 'm' });
    expect(await call?.outcome).toEqual({
      type: 'answered',
      status: 200,
      hasGaps: false,
      events: [
        { type: 'text', text: 'hello' },
        { type: 'finish', reason: 'stop' },
      ],
    });
    expect(call?.settled?.type).toBe('answered');
  });

  it('is the service’s refusal, with its waiting time', async () => {
    const body = '[,[8,"You exceeded your current quota."]]';
    expect(await outcomeOf({ status: 429, headers: { 'retry-after': '7' }, body })).toMatchObject({
      type: 'answered',
      events: [{ type: 'error', error: { code: 'rate_limit_exceeded', retryAfterSeconds: 7 } }],
    });
  });

  it('says where its text has gaps', async () => {
    const body = ANSWER.replace(']]]],[[', ']]]],["new"],[[');
    expect(await outcomeOf({ body })).toMatchObject({ type: 'answered', hasGaps: true });
  });

  it('is nothing, and no error, where the browser has no body or nobody can read it', async () => {
    expect(await outcomeOf({ body: 'dropped' })).toEqual({ type: 'unreadable' });
    expect(await outcomeOf({ body: '[[["new"],["shapes"]]]' })).toEqual({ type: 'unreadable' });
  });

  it('tells a connection that broke', async () => {
    expect(await outcomeOf({ failure: 'net::ERR_FAILED' })).toEqual({
      type: 'broken',
      reason: 'net::ERR_FAILED',
    });
  });

  it('is about the call itself, not its preflight nor a report that names it', async () => {
    const evidence = await watch(
      request({ method: 'OPTIONS' }),
      request({ url: 'https://aistudio.google.com/_/jserror?error=/GenerateContent' }),
      request({ url: `${RPC}CountTokens` }),
    );
    expect(await evidence.call(1, never)).toBeUndefined();
  });

  it('waits for what was asked when the request has just left', async () => {
    const network = new EventEmitter();
    const evidence = watchEvidence(network);
    const waiting = evidence.call(1000, never);
    network.emit('request', request());
    expect((await waiting)?.summary).toMatchObject({ model: 'm' });
  });

  it('is about the first call since it was expected: a vote between two answers makes two', async () => {
    const first = request();
    const evidence = await watch(first, request({ body: '[[]]' }));
    expect(await (await evidence.call(0, never))?.outcome).toMatchObject({ type: 'answered' });
    evidence.expect();
    expect(await evidence.call(1, never)).toBeUndefined();
  });
});

describe('bundle C1: page evidence of an interaction', () => {
  const stream = (...events: string[]): string => `[[${events.join()}]]`;
  const text = '[,,,,,,,,,,[null,[["hello"]]]]';
  const completed = '[,[["interactions/abc",3]]]';
  const WHOLE = stream(text, completed);
  const asked = '[1,1,null,[,,,,,,,,,,,,,,,,,["models/m"],,,,,,,,,[[[[[["hi"]]]]]]],"!",1]';
  const create = (body: string, status = 200): Exchange =>
    request({ url: `${RPC}CreateInteraction`, asked, body, status });
  const lookUp = (call: Call = {}): Exchange =>
    request({
      url: `${RPC}GetInteractionStream`,
      asked: '["interactions/abc",1]',
      body: WHOLE,
      ...call,
    });
  const answered = {
    type: 'answered',
    events: [
      { type: 'text', text: 'hello' },
      { type: 'finish', reason: 'stop' },
    ],
  };

  it('is what was asked and the whole text, when the answer is streamed', async () => {
    const evidence = await watch(
      request({ url: `${RPC}CreateInteractionStream`, asked, body: WHOLE }),
    );
    const call = await evidence.call(0, never);
    expect(call?.summary).toMatchObject({ model: 'm' });
    expect(await call?.outcome).toMatchObject(answered);
  });

  it('waits for the second call when the answer comes in the background, however often it is made', async () => {
    const overloaded = { status: 503, body: '[,[14,"not yet"]]' };
    const evidence = await watch(
      create('["interactions/abc",1]'),
      lookUp(overloaded),
      lookUp({ failure: 'net::ERR_FAILED' }),
    );
    const call = await evidence.call(0, never);
    await new Promise(setImmediate);
    expect(call?.settled).toBeUndefined();
    const again = await watch(create('["interactions/abc",1]'), lookUp(overloaded), lookUp());
    expect(await (await again.call(0, never))?.outcome).toMatchObject(answered);
  });

  it('is the failure when the page stops asking, or when there is nothing to ask for', async () => {
    const failing = lookUp({ status: 503, body: '[,[14,"not yet"]]' });
    const calls = Array.from({ length: 5 }, () => failing);
    const given = await watch(create('["interactions/abc",1]'), ...calls);
    expect(await (await given.call(0, never))?.outcome).toMatchObject({
      events: [{ type: 'error', error: { code: 'upstream_error' } }],
    });
    const refused = await watch(create('[,[8,"exhausted"]]', 429), lookUp());
    expect(await (await refused.call(0, never))?.outcome).toMatchObject({
      status: 429,
      events: [{ type: 'error', error: { code: 'rate_limit_exceeded' } }],
    });
  });
});
