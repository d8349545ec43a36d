import { StudioError } from '@aistudio/core';

import { type ContentPart } from '../dialects/openai-chat/content-part.ts';
import { type Attachment } from './to-file.ts';

/** A part that brings a file. */
export type FileContent = Exclude<ContentPart, { type: 'text' | 'refusal' }>;

/** What a part brings; `here` names it. Throws `unsupported_parameter` for files kept elsewhere. */
export function toAttachment(part: FileContent, here: string): Attachment {
  if (part.type === 'image_url' || part.type === 'input_image') {
    return { param: `${here}.image_url.url`, source: part.image_url.url, isMedia: true };
  }
  if (part.type === 'video_url') {
    return { param: `${here}.video_url.url`, source: part.video_url.url, isMedia: true };
  }
  if (part.type === 'file_url') {
    return { param: `${here}.file_url.url`, source: part.file_url.url };
  }
  if (part.type === 'input_audio') {
    const { data, format } = part.input_audio;
    return { param: `${here}.input_audio.data`, source: data, format, isMedia: true };
  }
  const { file_data: source, filename: name } = part.file;
  if (source) return { param: `${here}.file.file_data`, source, name };
  throw new StudioError(
    'unsupported_parameter',
    'This server keeps no files: send the bytes as file_data instead of a file_id.',
    { param: `${here}.file.file_id` },
  );
}
