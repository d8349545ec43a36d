/**
 * Shows the person one line that holds a secret, such as a key that was just made. A process whose
 * parent listens on an IPC channel sends it there, because a parent may log what its children print;
 * otherwise, as in a container, the line goes to stdout. Resolves once the line has left.
 */
export async function printPrivately(line: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve());
    if (process.send && process.connected) process.send({ type: 'private', line }, done);
    else process.stdout.write(`${line}\n`, done);
  });
}
