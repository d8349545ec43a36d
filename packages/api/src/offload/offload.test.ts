import { createHash, randomBytes } from 'node:crypto';

import { PLAIN_SETTINGS, Plan } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { type WholePlan } from '../files/remote-file.ts';
import { wholeFile } from '../testing/test-server.ts';
import { encodePlan, estimatePrompt, parseJson } from './offload.ts';

const planOf = (text: string): WholePlan => ({
  model: 'm',
  turns: [{ role: 'user', parts: [{ type: 'text', text }] }],
  settings: PLAIN_SETTINGS,
});
/** Enough of them for a body that is parsed elsewhere. */
const media = randomBytes(600_000);
const large = 'ä word '.repeat(1_000_000);

/** How many turns the event loop takes until `work` is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  const state = { turns: 0, isOver: false };
  const counting = (async () => {
    while (!state.isOver) {
      await new Promise(setImmediate);
      state.turns += 1;
    }
  })();
  await work();
  state.isOver = true;
  await counting;
  return state.turns;
}

describe('large requests', () => {
  it('are parsed as small ones are', async () => {
    const body = { text: large, more: [1, null, { deep: true }] };
    expect(await parseJson(Buffer.from(JSON.stringify(body)), 'utf-8')).toEqual(body);
    expect(await parseJson(Buffer.from('{"text":"\xe4"}', 'latin1'), 'latin1')).toEqual({
      text: 'ä',
    });
  });

  it('fail with the same errors', async () => {
    const broken = Buffer.from(`["${large}"`);
    for (const bytes of [Buffer.from('["'), broken]) {
      await expect(parseJson(bytes, 'utf-8')).rejects.toThrow(/^The body is not JSON: /);
    }
  });

  it('hold no more values than can be handed over', async () => {
    const body = Buffer.from(`[${'1,'.repeat(1_500_000)}1]`);
    await expect(parseJson(body, 'utf-8')).rejects.toThrow('more than 300000 JSON values');
  });

  it('are stored, and told apart, as their JSON', async () => {
    for (const plan of [planOf('hi'), planOf(large)]) {
      const json = JSON.stringify(plan);
      const { bytes, digest } = await encodePlan(plan);
      expect(Buffer.from(bytes).toString() === json).toBe(true);
      expect(digest).toBe(createHash('sha256').update(json).digest('hex'));
    }
  });

  it('keep their files’ bytes out of the JSON, by number', async () => {
    const [one, two] = [Buffer.from('one'), Buffer.from('two')];
    const parts = [wholeFile('image/png', 'a.png', one), wholeFile('audio/wav', 'b.wav', two)];
    const { bytes, files } = await encodePlan({ ...planOf(''), turns: [{ role: 'user', parts }] });
    expect(files).toEqual([one, two]);
    const { turns } = Plan.parse(JSON.parse(Buffer.from(bytes).toString()));
    expect(turns[0]?.parts).toEqual([
      expect.objectContaining({ name: 'a.png', number: 0, size: 3 }),
      expect.objectContaining({ name: 'b.wav', number: 1, size: 3 }),
    ]);
  });

  it('hand their files over as bytes, wherever these stand', async () => {
    const base64 = media.toString('base64');
    const body = {
      text: base64,
      url: `data:image/png;base64,${base64}`,
      list: [{ file_data: base64 }, { data: `${base64}!` }],
      file_url: `https://a.test/${base64}`,
    };
    const parsed = await parseJson(Buffer.from(JSON.stringify(body)), 'utf-8');
    const digest = createHash('sha256').update(media).digest('hex');
    const { url, list, ...others } = parsed as {
      url: { bytes: Uint8Array };
      list: { file_data?: object; data?: string }[];
    };
    expect({ ...url, bytes: media.equals(url.bytes) }).toEqual({
      bytes: true,
      digest,
      declared: 'image/png',
    });
    expect(list[0]?.file_data).toMatchObject({ digest });
    expect(list[1]?.data === `${base64}!`).toBe(true);
    expect(
      JSON.stringify(others) === JSON.stringify({ text: base64, file_url: body.file_url }),
    ).toBe(true);
  });

  it('are counted as small ones are, piece by piece', async () => {
    const [one, many] = [
      await estimatePrompt(planOf('a word ')),
      await estimatePrompt(planOf('a word '.repeat(100_000))),
    ];
    expect(many / one).toBeGreaterThan(50_000);
  });

  it('leave this thread to its other work', async () => {
    const plan = planOf('a word '.repeat(4_000_000));
    await encodePlan(plan); // the thread is there
    const here = await turnsDuring(async () => JSON.stringify(plan));
    expect(here).toBeLessThan(3);
    expect(await turnsDuring(() => encodePlan(plan))).toBeGreaterThan(20);
  });

  it('leave it alone also while they are parsed, and their files are never text here', async () => {
    const file = Buffer.alloc(30_000_000, media).toString('base64');
    const body = JSON.stringify({ url: `data:image/png;base64,${file}` });
    const parse = (): Promise<unknown> => parseJson(Buffer.from(body), 'utf-8');
    await parse();
    expect(await turnsDuring(parse)).toBeGreaterThan(20);
  });
});
