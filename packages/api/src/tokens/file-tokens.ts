import { estimateTokens } from './estimate-tokens.ts';

/** One picture or one page, as Google documents it for Gemini's default resolution. */
export const IMAGE_TOKENS = 258;
/** Per second, as Google documents it; a second of video comes with its sound. */
const AUDIO_TOKENS = 32;
const VIDEO_TOKENS = 263 + AUDIO_TOKENS;
/** What a second usually takes, as its length is not read out of the file: 128 kbit/s and 2 Mbit/s. */
const AUDIO_BYTES = 16_000;
const VIDEO_BYTES = 250_000;

/** About how many tokens a file is; by its size alone where it has a duration. `data` is base64. */
export function fileTokens({
  mimeType,
  data,
}: {
  readonly mimeType: string;
  readonly data: string;
}): number {
  const bytes = Buffer.byteLength(data, 'base64');
  const [kind] = mimeType.split('/', 1);
  if (kind === 'image') return IMAGE_TOKENS;
  if (kind === 'audio') return AUDIO_TOKENS * Math.ceil(bytes / AUDIO_BYTES);
  if (kind === 'video') return VIDEO_TOKENS * Math.ceil(bytes / VIDEO_BYTES);
  const content = Buffer.from(data, 'base64');
  if (mimeType === 'application/pdf') return IMAGE_TOKENS * pagesOf(content);
  return estimateTokens(content.toString('utf8'));
}

const pagesOf = (pdf: Buffer): number =>
  Math.max(1, pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0);
