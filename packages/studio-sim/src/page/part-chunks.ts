import { CODE_OUTCOMES } from '../wire/codes.ts';
import { at, numberAt, stringAt } from '../wire/message.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { codeBlock } from './markdown.ts';

/** What shows an answer part that is neither text nor a call: media, code, its result (page.md §5.4). */
export function chunkFor(part: readonly unknown[]): HTMLElement | undefined {
  if (at(part, 2) !== undefined)
    return mediaChunk(stringAt(part, 2, 0) ?? '', stringAt(part, 2, 1) ?? '');
  if (at(part, 7) !== undefined)
    return promptChunk(
      h('ms-executable-code-chunk', {}, codeBlock(stringAt(part, 7, 1) ?? '', 'python')),
    );
  if (at(part, 8) !== undefined) {
    const outcome = CODE_OUTCOMES[numberAt(part, 8, 0) ?? 0] ?? '';
    const output = codeBlock(stringAt(part, 8, 1) ?? '', outcome.toLowerCase());
    return promptChunk(h('ms-code-execution-result-chunk', {}, output));
  }
  return undefined;
}

function mediaChunk(mimeType: string, data: string): HTMLElement {
  const src = `data:${mimeType};base64,${data}`;
  const download = h('a', { href: src, download: 'output' }, icon('download'));
  const button = h('button[aria-label="Download"]', {}, download);
  if (mimeType.startsWith('audio/'))
    return promptChunk(h('ms-audio-chunk', {}, h('audio[controls]', { src }), button));
  return promptChunk(
    h('ms-image-chunk', {}, h('img.loaded-image', { src, alt: 'Generated image' }), button),
  );
}

function promptChunk(content: HTMLElement): HTMLElement {
  return h('ms-prompt-chunk', {}, content);
}
