import { stringAt } from '../wire/message.ts';
import { type App } from './app.ts';

const BOUNDARY = 'simulated-multipart-boundary';

/** Uploads a file to the app's Drive folder and resolves to its id (wire-format.md §10). */
export async function uploadToDrive({ rpc }: App, file: File): Promise<string> {
  const folder = stringAt(await rpc.call('GetAppFolder', []), 0);
  const token = stringAt(await rpc.call('GenerateAccessToken', ['users/me']), 0);
  const metadata = JSON.stringify({ name: file.name, parents: [folder], mimeType: file.type });
  const body = new Blob([
    `--${BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${metadata}\r\n`,
    `--${BOUNDARY}\r\nContent-Type: ${file.type}\r\n\r\n`,
    file,
    `\r\n--${BOUNDARY}--`,
  ]);
  const response = await fetch('/upload/drive/v3/files?uploadType=multipart', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? ''}`,
      'content-type': `multipart/related; boundary=${BOUNDARY}`,
    },
    body,
  });
  if (!response.ok) throw new Error(`Drive answered ${response.status}.`);
  const { id }: { id: string } = await response.json();
  return id;
}
