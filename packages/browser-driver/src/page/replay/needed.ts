import { type StepName } from '@aistudio/recorder';

import { type ElementName } from '../selectors.ts';

/** An element that a step cannot do without; or one of several. */
export type Needed = ElementName | readonly ElementName[];

const EMPTY: readonly Needed[] = [
  'promptBox',
  'promptInput',
  'runButton',
  'newChat',
  ['runSettings', 'openRunSettings'],
];
const PANEL: readonly Needed[] = [
  'runSettings',
  'modelTrigger',
  ['modelName', 'modelTitle'],
  'systemCard',
  ['maxOutputTokens', 'expandAdvanced'],
  ['googleSearch', 'expandTools'],
];

/** What the driver must find at each moment of a chat (page.md §2, §4–§8). */
export const NEEDED: Readonly<Record<StepName, readonly Needed[]>> = {
  loaded: [...EMPTY, 'attach'],
  'empty chat': [...EMPTY, 'attach'],
  'new chat': EMPTY,
  'settings read': PANEL,
  'settings changed': PANEL,
  'prompt entered': ['promptBox', 'promptInput', 'runButton'],
  'run pressed': ['runButton'],
  answering: ['runButton', 'turn'],
  answered: ['runButton', 'newChat', 'turn'],
  'model picker': ['modelSearch', 'modelRow', 'closePanel'],
  'system instructions': ['systemInput', 'closePanel'],
  'upload menu': [['uploadItem', 'fileInput']],
};

/** The moments that every recording of an answered prompt has. */
export const EXPECTED_STEPS: readonly StepName[] = [
  'empty chat',
  'settings read',
  'prompt entered',
  'run pressed',
  'answered',
];
