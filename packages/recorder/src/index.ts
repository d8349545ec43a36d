export { findSecrets, type Secret } from './find-secrets.ts';
export { type PageNode, type Shown } from './page-tree.ts';
export { createPlaceholders, isPlaceholder, type Placeholders } from './placeholders.ts';
export { type RecordingSummary, summarizeRecording, toPreview } from './preview.ts';
export {
  readRecording,
  SecretsFoundError,
  writePrivately,
  writeRecording,
} from './recording-file.ts';
export { Body, RecordedCall, RecordedStep, Recording, StepName } from './recording.ts';
export { RecordingResult } from './recording-result.ts';
export { redactBody, redactString } from './redact-body.ts';
export { type PageWords, redactPage, redactPath, SHOWN_ATTRIBUTE } from './redact-page.ts';
