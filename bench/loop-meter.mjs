/**
 * Loaded before a process (`--import`): a first SIGUSR2 has it measure how late its event loop is, each
 * millisecond; a second writes the longest block so far (ms) to `LOOP_METER_FOLDER/<pid>` and ends that.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 1;

/* oxlint-disable-next-line node/no-process-env -- it is loaded into processes that know nothing of it */
const folder = process.env['LOOP_METER_FOLDER'];
if (isMainThread && folder !== undefined) {
  const file = join(folder, String(process.pid));
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let isOn = false;
  const say = (text) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  process.on('SIGUSR2', () => {
    isOn = !isOn;
    if (isOn) {
      histogram.reset();
      histogram.enable();
      say('on');
    } else {
      histogram.disable();
      say(String(Math.max(0, histogram.max / 1e6 - RESOLUTION_MS)));
    }
  });
}
