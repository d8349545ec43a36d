import { type JobEvent } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type JobRequest } from '../jobs/submit-job.ts';
import { chatBody, postChat, startServer } from '../testing/test-server.ts';

const response_format = {
  type: 'json_schema',
  json_schema: { name: 'x', schema: { type: 'object', required: ['a'] } },
};

/** Answers the first question with the first text, the next with the next. */
function answerEach(...texts: string[]): (question: JobRequest) => AsyncIterable<JobEvent> {
  const left = [...texts];
  return async function* () {
    yield { type: 'started', tier: 'dom', model: 'gemini-2.5-flash' };
    yield { type: 'text', text: left.shift() ?? 'asked too often' };
    yield { type: 'finish', reason: 'stop' };
  };
}

describe('response_format', () => {
  it('is kept, or the answer is an error that SDKs do not repeat', async () => {
    await using server = await startServer(answerEach('{"b":1}'));
    const response = await postChat(server.url, chatBody({ response_format }));
    expect(response.status).toBe(502);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_output' } });
    expect(server.asked).toHaveLength(1);
  });

  it('E-11: ends a stream with an error, and no finish', async () => {
    await using server = await startServer(answerEach('{"b":1}'), { repairsJson: true });
    const response = await postChat(server.url, chatBody({ response_format, stream: true }));
    const body = await response.text();
    expect(body).toContain('{\\"b\\":1}');
    expect(body).toMatch(/data: \{"error":\{[^\n]*invalid_output[^\n]*\n\n$/);
    expect(body).not.toContain('"finish_reason":"stop"');
    expect(server.asked).toHaveLength(1);
  });

  it('is asked for once more with JSON_REPAIR', async () => {
    await using server = await startServer(answerEach('{"b":1}', '{"a":1}'), { repairsJson: true });
    const headers = { 'x-stainless-retry-count': '0' };
    const response = await postChat(server.url, chatBody({ response_format }), headers);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: '{"a":1}' } }] });
    const [first, second] = server.asked;
    expect(second?.id).toMatch(/^chatcmpl-/);
    expect(second?.id).not.toBe(first?.id);
    expect(second?.repeat?.fingerprint).not.toBe(first?.repeat?.fingerprint);
    expect(second?.plan.turns).toHaveLength(3);
  });

  it('is given up after one more answer', async () => {
    await using server = await startServer(answerEach('no', 'no'), { repairsJson: true });
    const response = await postChat(server.url, chatBody({ response_format }));
    expect(response.status).toBe(502);
    expect(server.asked).toHaveLength(2);
  });
});
