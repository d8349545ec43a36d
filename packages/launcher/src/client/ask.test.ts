import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { ask, type Figures } from './ask.ts';

const chunk = (fields: object): string => `data: ${JSON.stringify({ choices: [], ...fields })}\n\n`;
const text = (content: string, finish_reason: string | null = null): string =>
  chunk({ choices: [{ delta: { content }, finish_reason }] });
const usage = chunk({ usage: { prompt_tokens: 9, completion_tokens: 5 } });

/** Asks a server that answers with this body, cut into single bytes. */
async function askFor(body: string, status = 200): Promise<{ pieces: string[]; figures: Figures }> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'x-aistudio-tier': 'dom' });
    for (const byte of Buffer.from(body)) response.write(Buffer.of(byte));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pieces: string[] = [];
  try {
    const figures = await ask({
      baseUrl: `http://127.0.0.1:${port}/v1`,
      apiKey: undefined,
      model: 'm',
      prompt: 'p',
      onText: (piece) => pieces.push(piece),
      signal: AbortSignal.timeout(5000),
    });
    return { pieces, figures };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('ask', () => {
  it('gives each piece and the figures, however the bytes arrive', async () => {
    const body = `: waiting\n\n${text('漢\u2028字')}${text(' ok', 'stop')}${usage}data: [DONE]\n\n`;
    const { pieces, figures } = await askFor(body);
    expect(pieces).toEqual(['漢\u2028字', ' ok']);
    expect(figures).toMatchObject({ tier: 'dom', promptTokens: 9, completionTokens: 5 });
    expect(figures.firstTokenMs).toBeGreaterThan(0);
  });

  it.each([
    ['an error status', '{"error":{"message":"not yet"}}', 503, '503: {"error"'],
    ['an error in the stream', `${text('a')}data: {"error":{"message":"lost"}}\n\n`, 200, 'lost'],
    ['a stream that breaks off', text('a'), 200, 'broke off'],
    ['an answer that was cut', `${text('a', 'length')}${usage}data: [DONE]\n\n`, 200, 'length'],
    ['an empty answer', `${text('', 'stop')}${usage}data: [DONE]\n\n`, 200, 'not whole'],
  ])('fails for %s', async (_case, body, status, message) => {
    await expect(askFor(body, status)).rejects.toThrow(message);
  });
});
