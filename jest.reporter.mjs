import { Server, Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** How long what the tests started may take to end after the last of them, ms. */
const END_WITHIN_MS = 10_000;
/** By then the process is killed, should it not even be able to exit, ms. */
const KILL_AFTER_MS = 40_000;

/**
 * Names the tests that did not run at the end of a run, and sees to it that the run ends: what a test
 * left open would keep the process for ever. It is listed, child processes are killed, and jest's
 * exit status stays.
 */
export default class EndingReporter {
  #watches;

  constructor({ watch, watchAll }) {
    this.#watches = watch || watchAll;
  }

  onRunComplete(_contexts, { testResults }) {
    for (const { testResults: tests } of testResults) {
      for (const { status, fullName } of tests) if (status === 'todo') say(`not run: ${fullName}`);
    }
    if (this.#watches) return;
    setTimeout(endNow, END_WITHIN_MS).unref();
    const program = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${KILL_AFTER_MS})`;
    new Worker(program, { eval: true }).unref(); // a thread of its own: ours may be busy for ever
  }
}

function endNow() {
  const handles = process['_getActiveHandles']();
  const known = handles.flatMap((handle) => describe(handle) ?? []);
  const timers = process
    .getActiveResourcesInfo()
    .filter((name) => /^(Timeout|Immediate)$/.test(name));
  say(`The tests are over, but this is still open ${END_WITHIN_MS / 1000} s after them:`);
  for (const line of [...known, `timers: ${timers.length}`]) say(`  ${line}`);
  for (const handle of handles) if (isChild(handle)) kill(handle.pid);
  process.exit(); // with the status that jest has set
}

/** What keeps the process; undefined: our own input and output, which do not. */
function describe(handle) {
  if (isChild(handle)) return `process ${handle.pid}: ${handle.spawnargs.join(' ')}`;
  if (handle instanceof Server) return `server at ${toPlace(handle.address())}`;
  if (!(handle instanceof Socket)) return handle.constructor.name;
  const { fd, remoteAddress: address, remotePort: port } = handle;
  if ([0, 1, 2].includes(fd)) return undefined;
  return address === undefined ? 'pipe' : `connection to ${toPlace({ address, port })}`;
}

const toPlace = (place) => (typeof place === 'string' ? place : `${place?.address}:${place?.port}`); // a unix socket's is its path

const isChild = (handle) => Array.isArray(handle.spawnargs) && handle.pid !== undefined;

/** With all of its group, where it leads one. */
function kill(pid) {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // it is gone, or leads no group
    }
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
