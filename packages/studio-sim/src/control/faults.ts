import { keysOf } from '../typed-object.ts';

/** Everything that can be made to go wrong, by name, with what it does. */
export const FAULTS = {
  'signed-out': 'RPCs answer 401, every page redirects to the sign-in page; signing in ends it',
  quota: 'GenerateContent answers 429 (code 8): callout about the exceeded quota',
  'permission-denied': 'GenerateContent answers 403 (code 7): toast and an error turn',
  'internal-error': 'GenerateContent answers 500 (code 13): an error turn',
  overloaded: 'GenerateContent answers 503 (code 14): an error turn',
  'prompt-too-long': 'GenerateContent answers 400 (code 3): too many input tokens',
  'region-refused': 'GenerateContent answers 400 (code 9): location not supported',
  'broken-stream': 'the answer is a 200 that ends after some frames, without a finish code',
  'empty-answer': 'the answer is a finish frame without any text',
  'no-first-byte': 'GenerateContent is accepted and never answered',
  'empty-model-list': 'ListModels answers an empty list',
  'model-list-late': 'ListModels answers only after 30 s',
  'model-list-unauthorized': 'ListModels answers 401',
  'run-disabled': 'the Run button stays disabled',
} as const;

/** Name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** Every fault's name. */
export const FAULT_NAMES: readonly FaultName[] = keysOf(FAULTS);
