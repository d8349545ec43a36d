import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { findSecrets } from './find-secrets.ts';
import { createPlaceholders } from './placeholders.ts';
import { toPreview } from './preview.ts';
import { readRecording, SecretsFoundError, writeRecording } from './recording-file.ts';
import { type Recording } from './recording.ts';

const { text } = createPlaceholders();
const withHtml = (html: string): Recording => ({
  format: 'aistudio-recording',
  version: 1,
  browser: 'Chromium 150.0',
  language: 'de',
  steps: [{ name: 'loaded', atMs: 0, path: '/prompts/new_chat', html }],
  calls: [
    {
      method: 'ListModels',
      host: 'rpc.example.google.com',
      path: '/$rpc/Service/ListModels',
      tab: 'second',
      atMs: 1,
      headMs: 2,
      endMs: 3,
      status: 200,
      contentType: 'application/json+protobuf',
      request: { json: [] },
      response: { json: [[['models/gemini-3-flash', text('a secret')]]] },
    },
  ],
  notes: [],
});

const SECRETS = [
  ['e-mail address', 'maria.muster@mail.example'],
  ['e-mail address', 'müller@straße.example'],
  ['IP address', '192.0.2.17'],
  ['IP address', '2001:db8:85a3:0:0:8a2e:370:7334'],
  ['postal address', '12 Baker Street'],
  ['postal address', 'Musterstraße 12'],
  ['telephone number', '+49 30 123456'],
  ['API key', 'AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY'],
  ['API key', 'sk-proj-abcdefghijklmnop'],
  ['access token', 'ya29.a0AfH6SMBx'],
  ['access token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig'],
  ['cookie', 'SAPISID=abcdef/ghijkl'],
  ['cookie', '__Secure-1PSID=g.a000abcdef'],
  ['private key', '-----BEGIN PRIVATE KEY-----'],
  ['random string', '6f9619ff8b86d011b42d00c04fc964ff'],
  ['random string', '550e8400-e29b-41d4-a716-446655440000'],
  ['random string', 'aGVsbG8gd29ybGQgMTIzNDU2Nzg5MA=='],
] as const;

describe('the check before a recording is written', () => {
  it.each(SECRETS)('finds an %s: %s', (kind, secret) => {
    expect(findSecrets(withHtml(`<p>x ${secret} y</p>`)).map((found) => found.kind)).toContain(
      kind,
    );
    const inCall = withHtml('');
    const [call] = inCall.calls;
    const planted = { ...inCall, calls: [{ ...call!, response: { json: [[{ [secret]: 1 }]] } }] };
    expect(findSecrets(planted).map((found) => found.kind)).toContain(kind);
  });

  it.each(SECRETS)('takes no placeholder for an %s: %s', (_kind, secret) => {
    expect(findSecrets(withHtml(text(`x ${secret}`)))).toEqual([]);
  });

  it('takes no class, label or limit for a secret', () => {
    const usual =
      '<button id="model-carousel-row-models/gemma-3n-e4b-it-2025"></button><button class="mat-mdc-button-persistent-ripple mdc-button__ripple cdk-describedby-message-ng-1-8" id="mat-mdc-slide-toggle-12-button" data-test-id="user-setting-budget-animation-wrapper">1,048,576</button>';
    expect(findSecrets(withHtml(usual))).toEqual([]);
  });

  it('finds the value of a cookie, whatever it looks like', () => {
    expect(findSecrets(withHtml('<p>plainword</p>'), ['plainword', '1'])).toEqual([
      { kind: 'cookie', where: 'step "loaded"' },
    ]);
  });
});

describe('a recording’s file', () => {
  it('is written for the owner alone, and read again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recorder-'));
    const recording = withHtml('<button>Run</button>');
    for (const name of ['a.json', 'b.json.gz']) {
      await writeRecording(join(folder, name), recording);
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      expect(await readRecording(join(folder, name))).toEqual(recording);
    }
    await rm(folder, { recursive: true });
  });

  it('is not written when it holds a secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recorder-'));
    const writing = writeRecording(join(folder, 'a.json'), withHtml('maria@mail.example'));
    await expect(writing).rejects.toThrow(SecretsFoundError);
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('has a preview of all that was kept', () => {
    const preview = toPreview(
      withHtml('<button class="run-button" aria-label="Run">Stop</button>'),
    );
    for (const kept of ['Run', 'Stop', 'run-button', 'ListModels × 1', 'models/gemini-3-flash']) {
      expect(preview).toContain(kept);
    }
  });
});
