import { type StepName } from '@aistudio/recorder';

import { type ElementName } from '../selectors.ts';

/** An element, or one of several. */
export type Needed = ElementName | readonly ElementName[];

/** What the driver looks for at one moment. */
export interface StepNeeds {
  /** Without these no prompt can be sent. */
  readonly essential: readonly Needed[];
  /** Without these it takes another way, or some requests fail. */
  readonly usual: readonly Needed[];
}

const EMPTY: StepNeeds = {
  essential: ['promptInput', 'runButton'],
  usual: ['promptBox', 'newChat', 'attach', ['runSettings', 'openRunSettings']],
};
const PANEL: StepNeeds = {
  essential: [],
  usual: [
    'runSettings',
    'modelTrigger',
    ['modelName', 'modelTitle'],
    'systemCard',
    ['maxOutputTokens', 'expandAdvanced'],
    ['googleSearch', 'expandTools'],
  ],
};

/** What the driver looks for, by the moment of a chat (page.md §2, §4–§8). */
export const NEEDED: Readonly<Record<StepName, StepNeeds>> = {
  loaded: EMPTY,
  'empty chat': EMPTY,
  'new chat': EMPTY,
  'settings read': PANEL,
  'settings changed': PANEL,
  'prompt entered': { essential: ['promptInput', 'runButton'], usual: ['promptBox'] },
  'run pressed': { essential: ['runButton'], usual: [] },
  answering: { essential: [], usual: ['runButton', 'turn'] },
  answered: { essential: [], usual: ['runButton', 'newChat', 'turn'] },
  'model picker': { essential: [], usual: ['modelSearch', 'modelRow', 'closePanel'] },
  'system instructions': { essential: [], usual: ['systemInput', 'closePanel'] },
  'upload menu': { essential: [], usual: [['uploadItem', 'fileInput']] },
};

/** The moments that every recording of an answered prompt has. */
export const EXPECTED_STEPS: readonly StepName[] = [
  'empty chat',
  'settings read',
  'prompt entered',
  'run pressed',
  'answered',
];
