import { type App } from './app.ts';
import { delay } from './dom.ts';
import { uploadToDrive } from './drive.ts';
import { createStore, type Store } from './store.ts';

/** A file that goes with the next prompt. */
export interface Attachment {
  readonly key: string;
  readonly file: File;
  /** For the preview. */
  readonly url: string;
  /** Its id in Drive, once the upload is done. */
  readonly driveId: string | undefined;
  readonly hasFailed: boolean;
}

/** The files that go with the next prompt. */
export interface Attachments {
  readonly list: Store<readonly Attachment[]>;
  /** Starts to upload files; each shows at once. */
  add(files: readonly File[]): void;
  remove(key: string): void;
  clear(): void;
}

/** What the page takes (wire-format.md §4.2): anything else is refused with a toast. */
const ACCEPTED =
  /^(?:image\/(?:png|jpe?g|webp|gif|heic|heif)|audio\/|video\/|text\/|application\/(?:pdf|json|xml|x-yaml|javascript|x-javascript|x-python))/;

/** No files yet. */
export function createAttachments(app: App): Attachments {
  const list = createStore<readonly Attachment[]>([]);
  const change = (key: string, fields: Partial<Attachment>): void =>
    list.set(list.value.map((each) => (each.key === key ? { ...each, ...fields } : each)));
  const isThere = (key: string): boolean => list.value.some((each) => each.key === key);

  const upload = async ({ key, file }: Attachment): Promise<void> => {
    try {
      await delay(app.live.timing.upload);
      while (app.live.isOn('upload-stuck') && isThere(key)) await delay(200); // no event tells of a removal
      if (app.live.take('upload-fails')) throw new Error('The upload was refused.');
      const driveId = await uploadToDrive(app, file);
      app.effects.after(() => change(key, { driveId }));
      app.toasts.show('success', 'File uploaded successfully');
    } catch (error) {
      change(key, { hasFailed: true });
      app.toasts.show('error', `File upload failed: ${String(error)}`);
    }
  };

  return {
    list,
    add(files) {
      const accepted = files.filter(({ type }) => ACCEPTED.test(type));
      if (accepted.length < files.length)
        app.toasts.show('error', 'Unsupported file type selected.');
      const added = accepted.map((file) => ({
        key: crypto.randomUUID(),
        file,
        url: URL.createObjectURL(file),
        driveId: undefined,
        hasFailed: false,
      }));
      list.set([...list.value, ...added]);
      for (const attachment of added) void upload(attachment);
    },
    remove: (key) => list.set(list.value.filter((each) => each.key !== key)),
    clear: () => list.set([]),
  };
}

/** Whether every file is where it belongs. */
export function areUploaded(attachments: readonly Attachment[]): boolean {
  return attachments.every(({ driveId }) => driveId !== undefined);
}
