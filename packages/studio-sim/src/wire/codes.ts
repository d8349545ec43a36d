/** Finish codes by position (wire-format.md §5.3). */
export const FINISH_REASONS = [
  'FINISH_REASON_UNSPECIFIED',
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'OTHER',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MALFORMED_FUNCTION_CALL',
  'IMAGE_SAFETY',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_OTHER',
  'NO_IMAGE',
  'IMAGE_RECITATION',
  'FINISH_18', // held back like the others; its name is not known
] as const;

/** Reasons for refusing a prompt, by position (wire-format.md §5.2). */
export const BLOCK_REASONS = [
  'BLOCK_REASON_UNSPECIFIED',
  'SAFETY',
  'OTHER',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'IMAGE_SAFETY',
] as const;

/** Outcomes of executed code, by position (wire-format.md §4.2, index 8). */
export const CODE_OUTCOMES = ['UNSPECIFIED', 'OK', 'FAILED', 'DEADLINE_EXCEEDED'] as const;

/** Thinking levels by their number in the generation config (wire-format.md §4.1). */
export const THINKING_LEVELS = { 1: 'low', 2: 'medium', 3: 'high', 4: 'minimal' } as const;
