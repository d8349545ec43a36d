import { type App } from './app.ts';
import { type Attachment, type Attachments } from './attachments.ts';
import { fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { iconButton } from './ms-button.ts';

const TOKENS_PER_FILE = 258;

/** The files in the prompt box: progress while they upload, then a thumbnail (page.md §5.4, §7). */
export function createMediaPreview(app: App, attachments: Attachments): HTMLElement {
  const container = h(app.marks.mediaContainer);
  const host = h('ms-prompt-media');
  app.effects.follow(attachments.list, (list) => {
    fill(container, ...list.map((attachment) => item(app, attachments, attachment)));
    fill(host, list.length > 0 && container);
  });
  return host;
}

function item({ marks }: App, attachments: Attachments, attachment: Attachment): HTMLElement {
  const { key, file, driveId, hasFailed } = attachment;
  const isPending = driveId === undefined && !hasFailed;
  return h(
    marks.mediaItem,
    {},
    isPending
      ? h('mat-progress-bar[role="progressbar"][mode="indeterminate"]')
      : hasFailed
        ? h('span.upload-error', {}, icon('warning'))
        : thumbnail(attachment),
    h('span.media-name', {}, file.name),
    driveId !== undefined && h('span[data-test-id="token-count"]', {}, `${TOKENS_PER_FILE} tokens`),
    iconButton('button[aria-label="Remove media"]', 'close', {
      onClick: () => attachments.remove(key),
    }),
  );
}

/** What stands for a file: the image itself, or a sign. */
function thumbnail({ file, url }: Attachment): HTMLElement {
  if (!file.type.startsWith('image/')) return h('ms-prompt-file', {}, icon('upload_file'));
  return h('ms-prompt-image', {}, h('img.loaded-image', { src: url, alt: file.name }));
}

/** The chunk of a sent file in the user's turn. */
export function mediaChunk(attachment: Attachment): HTMLElement {
  const { file, url } = attachment;
  const content = file.type.startsWith('image/')
    ? h('ms-image-chunk', {}, h('img.loaded-image', { src: url, alt: file.name }))
    : h('ms-file-chunk', {}, icon('upload_file'), h('span.name', {}, file.name));
  return h('ms-prompt-chunk', {}, content);
}
