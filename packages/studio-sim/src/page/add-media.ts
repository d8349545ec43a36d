import { type App } from './app.ts';
import { type Attachments } from './attachments.ts';
import { delay, h } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { msButton } from './ms-button.ts';
import { dialogBody } from './overlays.ts';
import { preferences } from './preferences.ts';

const ACCEPT = 'text/*,application/*,image/*,video/*,audio/*';

/**
 * The attach button with its menu and the file input: beside the button, hidden, on the newest page,
 * inside the menu's entry before (page.md §7).
 */
export function createAddMedia(app: App, attachments: Attachments): HTMLElement {
  const { marks, variant } = app;
  const take = async (files: readonly File[]): Promise<void> => {
    if (await hasConsent(app)) attachments.add(files);
  };
  const fileInput = (): HTMLInputElement => {
    const input = h('input.file-input[type="file"][data-test-upload-file-input]', {
      accept: ACCEPT,
      multiple: true,
      onClick: (event) => event.stopPropagation(),
      onChange: () => {
        void take([...(input.files ?? [])]);
        input.value = '';
      },
    });
    return input;
  };
  const permanent = variant === 'u3' ? fileInput() : undefined;
  const open = (): void => {
    const input = permanent ?? fileInput();
    openMenu(app, control, [
      { name: 'Drive', glyph: 'folder' },
      {
        name: 'Upload files',
        glyph: 'upload_file',
        mark: marks.uploadItem,
        extra: [!permanent && input],
        staysOpen: !permanent,
        onChoose: () => input.click(),
      },
      { name: 'Record Audio', glyph: 'mic' },
      { name: 'Camera', glyph: 'movie' },
      { name: 'YouTube Video', glyph: 'movie' },
      { name: 'Sample Media', glyph: 'auto_awesome' },
    ]);
  };
  const control = msButton(
    marks.addMedia,
    'filter-chip',
    { 'aria-haspopup': 'menu', 'aria-expanded': 'false', onClick: open },
    icon('add_circle'),
  );
  return h('ms-add-media-button', {}, control, h('mat-menu'), permanent);
}

/** Lets files be dropped on the page and pasted into the prompt; a long text becomes a file, too. */
export function acceptDroppedFiles(
  app: App,
  attachments: Attachments,
  target: HTMLElement,
  hint: HTMLElement,
): void {
  const take = async (files: readonly File[]): Promise<void> => {
    if (files.length > 0 && (await hasConsent(app))) attachments.add(files);
  };
  target.addEventListener('dragover', (event) => {
    event.preventDefault();
    hint.classList.add('dragging');
  });
  target.addEventListener('dragleave', () => hint.classList.remove('dragging'));
  target.addEventListener('drop', (event) => {
    event.preventDefault();
    hint.classList.remove('dragging');
    void take([...(event.dataTransfer?.files ?? [])]);
  });
  target.addEventListener('paste', (event) => {
    const { files, text } = pasted(event);
    const isLong = text.length > LONGEST_PASTE;
    if (isLong) event.preventDefault();
    const long = isLong ? [new File([text], 'Pasted text.txt', { type: 'text/plain' })] : [];
    void take([...files, ...long]);
  });
}

/** A longer text that is pasted becomes a file (page.md §4). */
const LONGEST_PASTE = 10_000;

function pasted({ clipboardData }: ClipboardEvent): { files: File[]; text: string } {
  return {
    files: [...(clipboardData?.files ?? [])],
    text: clipboardData?.getData('text/plain') ?? '',
  };
}

/**
 * Only older pages, and one with the fault, ask once whether the user may use the files; the dialog
 * comes late and blocks the page.
 */
async function hasConsent({ overlays, live, variant }: App): Promise<boolean> {
  if (variant === 'u3' && !live.take('media-consent')) return true;
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
        msButton('button', 'borderless', { onClick: () => answer(false) }, 'Cancel'),
        msButton(
          'button[aria-label="Agree to the copyright acknowledgement"]',
          'primary',
          { onClick: () => answer(true) },
          'Acknowledge',
        ),
      ),
      { backdrop: 'dialog-backdrop-blur-overlay', isDismissible: false },
    );
  });
}
