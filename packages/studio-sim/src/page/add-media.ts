import { type App } from './app.ts';
import { type Attachments } from './attachments.ts';
import { button, delay, h } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { dialogBody } from './overlays.ts';
import { preferences } from './preferences.ts';

/** The attach button, its menu with the file input, and the consent asked for once (page.md §7). */
export function createAddMedia(app: App, attachments: Attachments): HTMLElement {
  const { marks, overlays } = app;
  const take = async (files: readonly File[]): Promise<void> => {
    if (await hasConsent(app)) attachments.add(files);
  };
  const open = (): void => {
    const input = h('input.file-input[type="file"][data-test-upload-file-input]', {
      multiple: true,
      onClick: (event) => event.stopPropagation(),
      onChange: () => void take([...(input.files ?? [])]),
    });
    openMenu(overlays, control, [
      { name: 'Drive', glyph: 'folder' },
      {
        name: 'Upload files',
        glyph: 'upload_file',
        mark: marks.uploadItem,
        extra: [input],
        staysOpen: true,
        onChoose: () => input.click(),
      },
      { name: 'Record Audio', glyph: 'mic' },
      { name: 'Camera', glyph: 'movie' },
      { name: 'YouTube Video', glyph: 'movie' },
      { name: 'Sample Media', glyph: 'auto_awesome' },
    ]);
  };
  const control = button(
    marks.addMedia,
    { type: 'button', 'aria-haspopup': 'menu', onClick: open },
    icon('add_circle'),
  );
  return h('ms-add-media-button', {}, control);
}

/** Lets files be dropped on the page and pasted into the prompt. */
export function acceptDroppedFiles(app: App, attachments: Attachments, target: HTMLElement): void {
  const hint = h('div.dragging-overlay', {}, 'Drop files here');
  const take = async (files: FileList | undefined): Promise<void> => {
    if (files && files.length > 0 && (await hasConsent(app))) attachments.add([...files]);
  };
  target.addEventListener('dragover', (event) => {
    event.preventDefault();
    target.append(hint);
  });
  target.addEventListener('dragleave', () => hint.remove());
  target.addEventListener('drop', (event) => {
    event.preventDefault();
    hint.remove();
    void take(event.dataTransfer?.files);
  });
  target.addEventListener('paste', (event) => void take(event.clipboardData?.files));
}

/** Asks once whether the user may use the files; the dialog comes late and blocks the page. */
async function hasConsent({ overlays, live }: App): Promise<boolean> {
  if (preferences.value.fileCopyrightAcknowledged) return true;
  await delay(live.timing.consent);
  return new Promise((resolve) => {
    const answer = (isAcknowledged: boolean): void => {
      if (isAcknowledged) preferences.save({ fileCopyrightAcknowledged: true });
      resolve(isAcknowledged);
      overlay.close();
    };
    const overlay = overlays.dialog(
      dialogBody(
        'Start creating with media in Google AI Studio',
        h('p', {}, 'Use only files that you have the rights to.'),
        h('button.ms-button-borderless', { onClick: () => answer(false) }, 'Cancel'),
        h(
          'button.ms-button-primary[aria-label="Agree to the copyright acknowledgement"]',
          { onClick: () => answer(true) },
          'Acknowledge',
        ),
      ),
      { backdrop: 'dialog-backdrop-blur-overlay', isDismissible: false },
    );
  });
}
