import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that a process of ours will listen on. */
export interface WantedPort {
  /** The setting it comes from. */
  readonly setting: string;
  readonly host: string;
  readonly port: number;
}

/** Throws one line that says which port is taken, and how to choose another. 0 is always free. */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const { setting, host, port } of wanted) {
    const server = createServer().listen(port, host);
    try {
      await once(server, 'listening');
    } catch (error) {
      const isInUse = String(error).includes('EADDRINUSE');
      const fault = isInUse ? 'is in use' : `cannot be used (${String(error)})`;
      const other = port < 65_000 ? port + 10 : port - 10;
      throw new Error(
        `Port ${port} ${fault}. Choose another: put ${setting}=${other} in .env or before the command.`,
        { cause: error },
      );
    }
    server.close();
    await once(server, 'close');
  }
}
