import { estimateTokens } from './estimate-tokens.ts';

/** One picture or one page, as Google documents it for Gemini's default resolution. */
export const IMAGE_TOKENS = 258;
/** Per second, as Google documents it; a second of video comes with its sound. */
const AUDIO_TOKENS = 32;
const VIDEO_TOKENS = 263 + AUDIO_TOKENS;
/** What a second usually takes, as its length is not read out of the file: 128 kbit/s and 2 Mbit/s. */
const AUDIO_BYTES = 16_000;
const VIDEO_BYTES = 250_000;

/** Whether what is in a file decides how many tokens it is. */
export const isReadForTokens = (mimeType: string): boolean =>
  !/^(?:image|audio|video)\//.test(mimeType);

/** About how many tokens a file of `size` bytes is; by that alone where it has a duration. */
export function fileTokens(mimeType: string, size: number, read: () => Buffer): number {
  const [kind] = mimeType.split('/', 1);
  if (kind === 'image') return IMAGE_TOKENS;
  if (kind === 'audio') return AUDIO_TOKENS * Math.ceil(size / AUDIO_BYTES);
  if (kind === 'video') return VIDEO_TOKENS * Math.ceil(size / VIDEO_BYTES);
  const content = read();
  if (mimeType === 'application/pdf') return IMAGE_TOKENS * pagesOf(content);
  return estimateTokens(content.toString('utf8'));
}

const pagesOf = (pdf: Buffer): number =>
  Math.max(1, pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0);
