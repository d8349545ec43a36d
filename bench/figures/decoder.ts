import { createAnswerDecoder } from '@aistudio/wire';

import { type Figure, repeat } from '../figure.ts';

const RUNS = 100;
const DELTAS = 1000;
/** The body comes in network chunks of this many bytes. */
const CHUNK_BYTES = 300;

/** Runs before those that count: what is measured is a process that has been up for a while. */
const WARM_UPS = 30;

/** Processor time to read an answer of a thousand pieces, by code that the engine has compiled. */
export const decoder: Figure = {
  name: 'decoder, CPU per 1,000 deltas',
  unit: 'ms',
  targets: [[0.5, 5]],
  floorName: 'JSON.parse of the whole body',
  async measure(bench) {
    const body = Buffer.from(answerBody());
    const chunks: Buffer[] = [];
    for (let at = 0; at < body.length; at += CHUNK_BYTES) {
      chunks.push(body.subarray(at, at + CHUNK_BYTES));
    }
    const decode = (): void => {
      const answer = createAnswerDecoder({ status: 200 });
      const events = chunks.flatMap((chunk) => answer.push(chunk)).concat(answer.end());
      if (events.filter(({ type }) => type === 'text').length !== DELTAS) {
        throw new Error(`${events.length} events, ended ${answer.outcome}`);
      }
    };
    const run = (work: () => unknown): Promise<number[]> => {
      for (let round = 0; round < WARM_UPS; round++) work();
      return repeat(RUNS, bench, () => Promise.resolve(cpuMs(work)));
    };
    return { samples: await run(decode), floor: await run(() => JSON.parse(body.toString())) };
  },
};

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** An answer as the service writes it (wire-format.md §5). */
function answerBody(): string {
  const about = 'null,[11,24,35,null,[[1,11]]],null,null,null,null,"v1_ZXhhbXBsZS0wMQ"';
  const frame = (text: string, finish = ''): string =>
    `[[[[[[null,${JSON.stringify(text)}]],"model"]${finish}]],${about}]`;
  const deltas = Array.from({ length: DELTAS }, (_, index) => frame(`piece ${index}, 漢字 "x"\n`));
  const clock = '[null,null,null,["1790000000000001",52000111,1790000000]]';
  return `[[${[...deltas, frame('', ',1'), clock].join(',')}]]`;
}
