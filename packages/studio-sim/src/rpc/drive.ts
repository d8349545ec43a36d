import { createHash, randomBytes } from 'node:crypto';

import { type Exchange, readBody, reply } from '../http/exchange.ts';
import { type DriveFile, type FileLookup } from '../wire/request-array.ts';

/** The user's Drive, as far as uploads need it. */
export interface Drive extends FileLookup {
  /** Serves a multipart upload (wire-format.md §10). */
  upload(exchange: Exchange): Promise<void>;
}

/** An empty Drive. It keeps what a file was, not the file. */
export function createDrive(): Drive {
  const files = new Map<string, DriveFile>();
  return {
    get: (id) => files.get(id),
    async upload(exchange) {
      const { request } = exchange;
      const body = await readBody(request);
      const boundary = /boundary=([^;]+)/.exec(request.headers['content-type'] ?? '')?.[1];
      const [metadata, content] = boundary === undefined ? [] : partsOf(body, `--${boundary}`);
      if (!metadata || !content || !request.headers.authorization?.startsWith('Bearer '))
        return reply(exchange, 400, '{"error":{"code":400,"message":"Bad upload."}}');
      const { name, mimeType }: { name: string; mimeType: string } = JSON.parse(
        metadata.toString(),
      );
      const id = `sim-${randomBytes(12).toString('base64url')}`;
      const sha256 = createHash('sha256').update(content).digest('hex');
      files.set(id, { name, mimeType, size: content.length, sha256 });
      reply(exchange, 200, JSON.stringify({ kind: 'drive#file', id, name, mimeType }), {
        'content-type': 'application/json; charset=UTF-8',
      });
    },
  };
}

/** The bodies of the parts between the boundaries. */
function partsOf(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = [];
  let start = body.indexOf(boundary);
  for (;;) {
    const end = body.indexOf(`\r\n${boundary}`, start + boundary.length);
    if (start < 0 || end < 0) return parts;
    const head = body.indexOf('\r\n\r\n', start);
    parts.push(body.subarray(head + 4, end));
    start = end + 2;
  }
}
