import { type Page } from 'playwright';

import { chatOf, phasesOf, sim, untilWarm } from '../chat.ts';
import { type Figure, now, repeat } from '../figure.ts';

const RUNS = 20;
const CHARACTERS = 200_000;

/** Making an empty chat hold a large prompt, with proof that it does. */
export const largePrompt: Figure = {
  name: '200,000-character prompt set and verified',
  unit: 'ms',
  targets: [[0.5, 500]],
  floorName: 'value of a bare text box set and read',
  async measure(bench) {
    const line = 'Lorem ipsum dolor sit amet, 漢字, and so on.\n';
    const filler = line.repeat(CHARACTERS / line.length);
    const samples = await repeat(RUNS, bench, async (round) => {
      await untilWarm(bench);
      const prompt = `${round}\n${filler}\n${sim({ text: 'ok' })}`;
      return (await phasesOf(bench, chatOf(prompt)))['fill'] ?? Number.NaN;
    });
    return { samples, floor: await bareTextBox(bench.page, filler, samples.length) };
  },
};

async function bareTextBox(page: Page, text: string, count: number): Promise<number[]> {
  await page.setContent('<textarea></textarea>');
  const samples: number[] = [];
  for (let round = 0; round < count; round++) {
    const from = now();
    const length = await page.evaluate((value) => {
      const box = document.querySelector('textarea');
      if (!box) return 0;
      box.value = value;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      return box.value.length;
    }, `${round}${text}`);
    samples.push(now() - from);
    if (length < text.length) throw new Error('the text box took less');
  }
  return samples;
}
