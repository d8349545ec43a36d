/** Prints a line of the command's result: stdout, which holds nothing else. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Tells the person what is going on: stderr. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Does some work, and tells what it was and how long it took. */
export async function tellTime<T>(title: string, work: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work;
  tell(`${title}: ${toSeconds(performance.now() - startedAt)}`);
  return result;
}

/** `1.2 s` */
function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
