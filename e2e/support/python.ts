import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A Python with packages of its own. */
export interface Python {
  readonly program: string;
  /** What keeps it from being there; undefined: nothing. */
  readonly missing: string | undefined;
}

/**
 * Makes a virtual environment in `folder` with the given packages, as pip names them; usually the newest
 * `openai`. Throws when they cannot be installed although PyPI can be reached.
 */
export function preparePython(folder: string, packages: readonly string[] = ['openai']): Python {
  const environment = join(folder, `python-${packages.join('-').replaceAll(/[^\w.-]/g, '_')}`);
  const program = join(environment, 'bin/python');
  const created = spawnSync('python3', ['-m', 'venv', environment]);
  if (created.status !== 0) return { program, missing: 'python3 with venv is not installed' };
  const install = ['install', '--quiet', '--retries', '0', '--timeout', '10', ...packages];
  const { PIP_CERT, NODE_EXTRA_CA_CERTS, ...rest } = process.env;
  const env = { ...rest, PIP_CERT: PIP_CERT ?? NODE_EXTRA_CA_CERTS }; // whom Node trusts, pip shall
  const { status, stderr } = spawnSync(program, ['-m', 'pip', ...install], {
    encoding: 'utf8',
    env,
  });
  if (status === 0) return { program, missing: undefined };
  if (canReachPypi()) throw new Error(`pip fails although PyPI answers:\n${stderr}`);
  return { program, missing: 'PyPI cannot be reached' };
}

function canReachPypi(): boolean {
  const look = `fetch('https://pypi.org/simple/openai/', { signal: AbortSignal.timeout(10_000) })
    .then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
  return spawnSync(process.execPath, ['--eval', look]).status === 0;
}
