import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { expect, it } from '@jest/globals';

import { requireFreePorts } from './ports.ts';

it('says in one line which port is taken and how to choose another', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const wanted = [
    { setting: 'STREAM_PORT', host: '127.0.0.1', port: 0 },
    { setting: 'PORT', host: '127.0.0.1', port },
  ];
  try {
    await expect(requireFreePorts(wanted)).rejects.toThrow(
      new RegExp(`^Port ${port} is in use\\. Choose another: put PORT=\\d+ in \\.env`),
    );
  } finally {
    server.close();
  }
  await once(server, 'close');
  await requireFreePorts(wanted);
});
