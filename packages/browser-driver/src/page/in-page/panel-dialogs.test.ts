import { describe, expect, it } from '@jest/globals';

import { type Dom } from './dom.ts';
import { createEnsure } from './ensure.ts';
import { createPanelDialogs, type PanelDialogs } from './panel-dialogs.ts';

const OLD = '[{"name":"old"}]';
const WRONG = '[{"name":"a"},{"name":"a"}]';

/** The editor of a page that finds a text wrong only when it is to be saved. */
function openEditor(says: string): { dialogs: PanelDialogs; saved: () => string } {
  const state = { isOpen: false, text: OLD, saved: OLD, isWrong: false };
  const save = {
    click() {
      state.isWrong = state.text === WRONG;
      if (state.isWrong) return;
      state.saved = state.text;
      state.isOpen = false;
    },
  };
  const close = { click: () => (state.isOpen = false) };
  const elements: Record<string, () => object | undefined> = {
    editFunctions: () => ({ click: () => (state.isOpen = true) }),
    editorInput: () => (state.isOpen ? {} : undefined),
    closePanel: () => close,
    editorSave: () => save,
    dialog: () => ({ querySelector: () => (state.isWrong && says !== '' ? {} : null) }),
  };
  const dom: Partial<Record<keyof Dom, unknown>> = {
    find: (name: string) => elements[name]?.(),
    until: (isTrue: () => boolean) => Promise.resolve(isTrue()),
    isDisabled: (found: object) => found === save && state.isWrong && says === '',
    isQuiet: () => true,
    valueOf: () => state.text,
    textOf: () => says,
    fill: (_: unknown, text: string) => (state.text = text),
  };
  const whole = dom as unknown as Dom; // what the editor needs of it
  const dialogs = createPanelDialogs(whole, createEnsure(whole), { entered: () => undefined });
  return { dialogs, saved: () => state.saved };
}

describe('an editor', () => {
  it('is left with what was written', async () => {
    const { dialogs, saved } = openEditor('Duplicate');
    expect(await dialogs.edit('editFunctions', '[]')).toBeUndefined();
    expect(saved()).toBe('[]');
  });

  it.each([
    ['Duplicate function name: a', 'Duplicate function name: a'],
    ['', 'the page’s editor did not accept it'],
  ])('that refuses a text only when it is saved is no success: %j', async (says, detail) => {
    const { dialogs, saved } = openEditor(says);
    expect(await dialogs.edit('editFunctions', WRONG)).toEqual({ kind: 'rejected', detail });
    expect(saved()).toBe(OLD);
  });
});
