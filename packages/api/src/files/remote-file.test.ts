import { type StudioError } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { ChatRequest } from '../dialects/openai-chat/request.ts';
import { toPlan } from '../dialects/openai-chat/to-plan.ts';
import { parseBody } from '../dialects/shared/parse-body.ts';
import { chatBody, fakeModel, wholeFile } from '../testing/test-server.ts';
import { type Download, DownloadError } from './download.ts';
import { Refusal } from './reach.ts';
import { fetchFiles, type WholePlan } from './remote-file.ts';

const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const noDefaults = { temperature: undefined, topP: undefined, maxOutputTokens: undefined };

/** What the web has at each address, and under which type. */
const web: Readonly<Record<string, readonly [Buffer | string, contentType?: string]>> = {
  'https://a.test/cat.png?size=2': [png, 'application/octet-stream'],
  'https://a.test/cat.jpg': [png, 'image/jpeg'],
  'https://a.test/': [png],
  'https://a.test/%E7%8C%AB.png': [png],
  'https://a.test/notes.md': ['# Notes', 'text/plain; charset=utf-8'],
  'https://a.test/data': ['{}', 'application/json'],
  'https://a.test/page': ['<!doctype html>', 'text/html'],
  'https://a.test/program': [Buffer.from('MZ\0\0'), 'image/png'],
  'https://a.test/film.avif': [Buffer.from('\0\0\0\0ftypavif'), 'video/mp4'],
  'https://a.test/empty': [''],
};

const download: Download = (urls) =>
  Promise.resolve(
    new Map(
      urls.map((url) => {
        const [bytes, contentType] = web[url] ?? [];
        if (bytes === undefined) throw new DownloadError(url, new Refusal('it is not there'));
        return [url, { bytes: Buffer.from(bytes), contentType }];
      }),
    ),
  );

const planOf = async (...content: object[]): Promise<WholePlan> => {
  const text = { type: 'text', text: 'Look' };
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'user', content: [text, ...content] },
  ];
  const chat = parseBody(ChatRequest, chatBody({ messages }));
  const { plan } = toPlan(chat, fakeModel(), noDefaults);
  return fetchFiles(plan, download, new AbortController().signal);
};
const filesOf = async (...content: object[]): Promise<unknown[] | undefined> =>
  (await planOf(...content)).turns[1]?.parts.slice(1);

const image = (url: string): object => ({ type: 'image_url', image_url: { url } });
const file = (url: string): object => ({ type: 'file_url', file_url: { url } });

describe('R-03: files named by address', () => {
  it.each([
    ['https://a.test/cat.png?size=2', 'image/png', 'cat.png'],
    ['https://a.test/cat.jpg', 'image/png', 'cat.jpg'],
    ['https://a.test/', 'image/png', 'file-1.png'],
    ['https://a.test/%E7%8C%AB.png', 'image/png', '猫.png'],
    ['https://a.test/notes.md', 'text/markdown', 'notes.md'],
    ['https://a.test/data', 'application/json', 'data'],
    ['https://a.test/page', 'text/html', 'page'],
  ])('R-03: %s is %s by its bytes, called %s', async (url, mimeType, name) => {
    expect(await filesOf(file(url))).toEqual([
      wholeFile(mimeType, name, Buffer.from(web[url]?.[0] ?? '')),
    ]);
  });

  it('R-03: stand in every kind of part, in their order, beside inline ones', async () => {
    const url = 'https://a.test/cat.jpg';
    const files = await filesOf(
      image(url),
      image('data:image/png;base64,iVBORw0KGgo='),
      { type: 'input_image', image_url: url },
      { type: 'video_url', video_url: { url } },
      { type: 'file', file: { file_data: url, filename: 'mine.png' } },
    );
    expect(files?.map((part) => (part as { name: string }).name)).toEqual([
      'cat.jpg',
      'file-2.png',
      'cat.jpg',
      'cat.jpg',
      'mine.png',
    ]);
  });

  it('R-03: without any, nothing is fetched', async () => {
    expect(await filesOf(image('data:image/png;base64,iVBORw0KGgo='))).toHaveLength(1);
  });

  it.each([
    [image('https://a.test/gone'), 'image_url.url', 'invalid_value', /fetched: it is not there/],
    [image('https://a.test/page'), 'image_url.url', 'invalid_value', /web page/],
    [image('https://a.test/empty'), 'image_url.url', 'invalid_value', /empty/],
    [file('https://a.test/program'), 'file_url.url', 'unsupported_parameter', /octet-stream/],
    [image('https://a.test/film.avif'), 'image_url.url', 'unsupported_parameter', /image\/avif/],
    [image('https://youtu.be/x'), 'image_url.url', 'unsupported_parameter', /YouTube/],
  ])('E-04: %j is a 400 naming the part', async (part, field, code, message) => {
    const failure = await planOf(part).catch((error: unknown) => error as StudioError);
    expect(failure).toMatchObject({ code, param: `messages[1].content[1].${field}` });
    expect((failure as StudioError).message).toMatch(message);
  });
});
