import { createPlaceholders } from '@aistudio/recorder';
import { describe, expect, it } from '@jest/globals';

import { redactCall } from './redact-call.ts';
import { type RawCall } from './watch-calls.ts';

const SERVICE =
  '/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/GenerateContent';
const HOST = 'alkalimakersuite-pa.clients6.google.com';

function callOf(
  url: string,
  request: string,
  response: string,
  type = 'application/json+protobuf',
): RawCall {
  return {
    url: new URL(url),
    at: 1000,
    headAt: 1200,
    endAt: 1900,
    request: Buffer.from(request),
    status: 200,
    contentType: type,
    response: Buffer.from(response),
    failure: undefined,
  };
}
const redact = (call: RawCall): ReturnType<typeof redactCall> =>
  redactCall(call, 'driver', 400, createPlaceholders());

describe('a recorded call', () => {
  it('has its host, method, times and status, and bodies with the tolerance of the decoder', () => {
    const answer = `)]}'\n[[[[[[[[null,"Maria"]],"model"],1]],,[1,2]]]]`;
    const call = redact(
      callOf(`https://${HOST}${SERVICE}`, '["models/gemini-2.5-pro",[]]', answer),
    );
    expect(call).toMatchObject({
      method: 'GenerateContent',
      host: HOST,
      path: SERVICE,
      atMs: 600,
      headMs: 200,
      endMs: 900,
      status: 200,
      contentType: 'application/json+protobuf',
      request: { json: ['models/gemini-2.5-pro', []] },
      response: {
        json: [
          [[[[[[[null, expect.stringMatching(/^[JQXZ][jqxz]{4}$/)]], 'model'], 1]], null, [1, 2]]],
        ],
      },
    });
  });

  it('keeps nothing of an address but its shape, and no parameter of a content type', () => {
    const url = `https://maria-muster.example/$rpc/maria@mail.example/MariaMuster99x7Y?key=AIzaSy#maria`;
    const call = redact(callOf(url, '[]', '[]', 'text/plain; name="maria"'));
    expect(JSON.stringify(call)).not.toMatch(/maria|muster|mail|AIza/i);
    expect(call.contentType).toBe('text/plain');
  });

  it.each([
    ['cut off', '[[[[[[[[null,"Maria Muster'],
    ['a text', 'Maria Muster'],
    ['a web page', '<html><body>Maria Muster</body></html>'],
    ['an object', '{"error":{"message":"Maria Muster"},"Maria":1}'],
    ['no UTF-8', 'Maria \xff\xfe Muster'],
  ])('keeps nothing of a body that is %s', (_kind, body) => {
    const call = redact(callOf(`https://${HOST}${SERVICE}`, body, body));
    expect(JSON.stringify(call)).not.toMatch(/maria|muster/i);
  });

  it('says why there is no body', () => {
    const call = {
      ...callOf(`https://${HOST}${SERVICE}`, '', ''),
      response: undefined,
      failure: 'net::ERR_ABORTED',
    };
    expect(redact(call).response).toEqual({ missing: 'net::ERR_ABORTED' });
  });
});
