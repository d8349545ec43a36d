import { readFile, rm } from 'node:fs/promises';

import { isAlive, type ReadStart } from '../supervisor/process-identity.ts';

/** Where Debian's tools look whether a package may start its service. */
export const POLICY_FILE = '/usr/sbin/policy-rc.d';
/** The PATH of the script: those of packages need the programs of others, wherever our own leads. */
export const APT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const MARK = 'aistudio-proxy set-up';

/**
 * Installs quietly as root; its arguments are the policy file, the PATH and the packages. A policy of
 * our own, where there is none, keeps apt from starting redis-server as a service: we start one of our
 * own when we need it. It names this process, so that {@link removeLeftPolicy} knows when nobody needs
 * it any more. Whatever signal ends the script, it passes it on to apt-get, waits for that, and removes
 * the policy. It runs apt-get in the background because a shell handles no signal while it waits for
 * a program in the foreground.
 */
export const APT_SCRIPT = `
set -e
policy=$1; PATH=$2; shift 2
export PATH DEBIAN_FRONTEND=noninteractive
child=
finish() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null || :; wait "$child" || :; fi
  exit "$1"
}
trap 'finish 129' HUP
trap 'finish 130' INT
trap 'finish 143' TERM
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  read -r boot </proc/sys/kernel/random/boot_id
  ticks=$(cut -d ' ' -f 22 /proc/$$/stat)
  printf '#!/bin/sh\\n# ${MARK}: process %s %s:%s\\nexit 101\\n' "$$" "$boot" "$ticks" >"$policy"
  chmod 755 "$policy"
fi
quietly() { "$@" </dev/null & child=$!; wait "$child"; child=; }
quietly apt-get update -qq
quietly apt-get install -y -qq --no-install-recommends "$@"`;

/** What tests replace. */
export interface PolicyWorld {
  readonly file: string;
  readonly readStart: ReadStart;
  /** Removes the file with our own rights. Default: does so. */
  readonly removeFile?: (file: string) => Promise<void>;
  /** Removes the file when we may not; false when nobody here may. */
  readonly removeAsRoot: (file: string) => Promise<boolean>;
}

/**
 * Removes the policy of a set-up that was killed, and no other: one that still runs needs its own.
 * Gives what a person must do when we cannot; undefined: nothing.
 */
export async function removeLeftPolicy(world: PolicyWorld): Promise<string | undefined> {
  const { file, removeFile = rm } = world;
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, pid, startedAt] = new RegExp(`^# ${MARK}: process (\\d+) (\\S+)$`, 'm').exec(text) ?? [];
  if (pid === undefined || startedAt === undefined) return undefined;
  if (await isAlive({ pid: Number(pid), startedAt }, world.readStart)) return undefined;
  const isRemoved = await removeFile(file).then(
    () => true,
    () => world.removeAsRoot(file),
  );
  if (isRemoved) return undefined;
  return `${file} was left by a set-up of ours that was killed: no package can start its service. Run: sudo rm ${file}`;
}
