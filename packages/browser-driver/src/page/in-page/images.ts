/// <reference lib="dom" />

/** An image, as an answer carries it. */
export interface ImageBytes {
  readonly mimeType: string;
  /** base64 */
  readonly data: string;
}

/** The images of an answer (page.md §5.4). */
export interface Images {
  /** Reads `data:`, `blob:` and `https:` addresses; undefined where the page itself may not. */
  read(address: string): Promise<ImageBytes | undefined>;
}

/** Makes {@link Images}. Runs in the page: refers to nothing outside itself. */
export function createImages(): Images {
  /** So many bytes become text at once: each is an argument of one call. */
  const BATCH = 0x8000;

  return {
    async read(address) {
      try {
        const blob = await (await fetch(address)).blob();
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let binary = '';
        for (let at = 0; at < bytes.length; at += BATCH) {
          binary += String.fromCharCode(...bytes.subarray(at, at + BATCH));
        }
        return { mimeType: blob.type.replace(/;.*$/, ''), data: btoa(binary) };
      } catch {
        return undefined;
      }
    },
  };
}
