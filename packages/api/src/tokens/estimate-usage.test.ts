import { type JobEvent, PLAIN_SETTINGS } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type WholePlan } from '../files/remote-file.ts';
import { wholeFile } from '../testing/test-server.ts';
import { withUsage } from './estimate-usage.ts';

const plan: WholePlan = {
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'How are you today?' }] }],
  settings: PLAIN_SETTINGS,
};
const finish: JobEvent = { type: 'finish', reason: 'stop' };

async function* stream(events: readonly JobEvent[]): AsyncGenerator<JobEvent> {
  yield* events;
}
const usageOf = async (events: readonly JobEvent[], asked: WholePlan = plan): Promise<JobEvent[]> =>
  (await collect(withUsage(stream(events), asked))).filter(({ type }) => type === 'usage');

describe('usage', () => {
  it('is left alone where AI Studio sent it', async () => {
    const counts = { promptTokens: 1, completionTokens: 2, reasoningTokens: 3, totalTokens: 6 };
    const usage: JobEvent = { type: 'usage', ...counts, exact: true };
    expect(await usageOf([usage, { type: 'text', text: 'a b c d e f g' }, finish])).toEqual([
      usage,
    ]);
  });

  it('is completed by an estimate where AI Studio sent the answer’s count alone', async () => {
    const counts = { promptTokens: 0, completionTokens: 7, reasoningTokens: 0, totalTokens: 7 };
    const usage: JobEvent = { type: 'usage', ...counts, exact: false };
    const thought: JobEvent = { type: 'reasoning', text: 'A greeting' };
    expect(await usageOf([thought, usage, finish])).toMatchObject([
      { promptTokens: 5, completionTokens: 7, reasoningTokens: 2, totalTokens: 14, exact: false },
    ]);
  });

  it('is estimated otherwise, just before the end, and says so', async () => {
    const events: JobEvent[] = [
      { type: 'reasoning', text: 'A greeting' },
      { type: 'text', text: 'I am ' },
      { type: 'text', text: 'fine, thanks.' },
      finish,
    ];
    const all = await collect(withUsage(stream(events), plan));
    expect(all.slice(-2)).toEqual([
      {
        type: 'usage',
        promptTokens: 5,
        completionTokens: 7,
        reasoningTokens: 2,
        totalTokens: 14,
        exact: false,
      },
      finish,
    ]);
  });

  it('counts calls, declared functions and files', async () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const pdf = Buffer.from('/Type /Pages /Type /Page /Type /Page');
    const file = (mimeType: string, bytes: Buffer) => wholeFile(mimeType, 'x', bytes);
    const promptTokens = async (asked: Partial<WholePlan>): Promise<number> => {
      const [usage] = await usageOf([finish], { ...plan, ...asked });
      return usage?.type === 'usage' ? usage.promptTokens : Number.NaN;
    };
    const settings = { ...PLAIN_SETTINGS, functions: [{ name: 'weather', parameters }] };
    expect(await promptTokens({ settings })).toBeGreaterThan(15);
    const withFiles = (...parts: WholePlan['turns'][number]['parts']): Partial<WholePlan> => ({
      turns: [{ role: 'user', parts }],
    });
    expect(await promptTokens(withFiles(file('image/png', Buffer.from('png'))))).toBe(258);
    expect(await promptTokens(withFiles(file('application/pdf', pdf)))).toBe(516);
    const minute = Buffer.alloc(960_000);
    expect(await promptTokens(withFiles(file('audio/mpeg', minute)))).toBe(1920);

    const call = { type: 'tool_call', index: 0, id: 'c', name: 'f', arguments: '{"a":1}' } as const;
    expect(await usageOf([call, finish])).toMatchObject([{ completionTokens: expect.any(Number) }]);
    const [said] = await usageOf([call, finish]);
    expect(said?.type === 'usage' && said.completionTokens).toBeGreaterThan(4);
  });

  it('is not made up for an answer that failed', async () => {
    const error = { status: 502, type: 'x', code: 'y', param: null, message: 'z' };
    expect(await usageOf([{ type: 'error', error }])).toEqual([]);
  });
});
