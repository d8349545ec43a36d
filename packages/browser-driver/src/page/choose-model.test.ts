import { type ModelInfo, PLAIN_SETTINGS, type Plan } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { chooseModel } from './choose-model.ts';
import { type DesiredSettings } from './desired-settings.ts';
import { type PanelProblem, type PanelState } from './panel-state.ts';
import { applySettings } from './settings.ts';
import { type StudioPage } from './studio-page.ts';

const model: ModelInfo = {
  id: 'wanted',
  displayName: 'Wanted',
  aliases: [],
  methods: [],
  capabilities: [10, 12],
  thinking: { type: 'none' },
  paidOnly: false,
};
const wanted: DesiredSettings = {
  modelId: 'wanted',
  modelTitle: 'Wanted',
  system: '',
  numbers: {},
  toggles: {},
  stop: [],
  functionNames: [],
  ignored: [],
};
const nothing: PanelState = { numbers: {}, toggles: {} };
const { signal } = new AbortController();

interface FakeOptions {
  readonly problem?: Omit<PanelProblem, 'index'>;
  /** What the panel shows at each look; the last for ever. */
  readonly shown?: readonly PanelState[];
  /** The page takes a model from its address. */
  readonly takesAddress?: boolean;
}

/** A page that only has what choosing a model takes. */
function fakePage({ problem, shown = [nothing], takesAddress = true }: FakeOptions) {
  const looks = [...shown];
  const page = {
    opened: [] as string[],
    addressedModel: undefined as string | undefined,
    changePanel: () =>
      Promise.resolve({
        state: nothing,
        ...(problem ? { problem: { index: 0, ...problem } } : {}),
      }),
    readPanel: () => Promise.resolve(looks.length > 1 ? looks.shift() : looks[0]),
    openModel(id: string) {
      page.opened.push(id);
      if (takesAddress) page.addressedModel = id;
      return Promise.resolve();
    },
    untilSettled: () => Promise.resolve(),
  };
  return page;
}
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all of it that is used
const asPage = (page: ReturnType<typeof fakePage>): StudioPage => page as unknown as StudioPage;
const choose = (page: ReturnType<typeof fakePage>, info?: ModelInfo): Promise<PanelState> =>
  chooseModel(asPage(page), wanted, info, signal, silentLog);

describe('chooseModel', () => {
  it('opens the page with the model in its address where the list fails', async () => {
    const page = fakePage({
      problem: { kind: 'missing', detail: 'modelTrigger' },
      shown: [{ ...nothing, modelId: 'wanted' }],
    });
    await expect(choose(page, model)).resolves.toMatchObject({ modelId: 'wanted' });
    expect(page.opened).toEqual(['wanted']);
  });

  it('never says that a model does not exist which the live list has', async () => {
    const shown = [{ ...nothing, modelId: 'other' }];
    const problem = { kind: 'unlisted', detail: 'modelRow wanted' } as const;
    await expect(choose(fakePage({ problem, shown }), model)).rejects.toMatchObject({
      code: 'upstream_error',
      step: 'pick the model',
    });
    await expect(choose(fakePage({ problem, shown }))).rejects.toMatchObject({
      code: 'model_not_found',
      param: 'model',
    });
  });

  it('says that a model needs a key or a subscription where its row takes no clicks', async () => {
    const page = fakePage({ problem: { kind: 'disabled', detail: 'Paid' } });
    await expect(choose(page, model)).rejects.toMatchObject({
      code: 'invalid_value',
      message: expect.stringContaining('(Paid): it may need a paid API key or a subscription'),
    });
    expect(page.opened).toEqual([]);
  });
});

describe('applySettings', () => {
  const planOf = (settings: Partial<Plan['settings']> = {}): Plan => ({
    model: 'wanted',
    turns: [],
    settings: { ...PLAIN_SETTINGS, ...settings },
  });
  const apply = (page: ReturnType<typeof fakePage>, plan: Plan): Promise<DesiredSettings> =>
    applySettings(asPage(page), plan, '', model, signal, silentLog);

  it('goes on without the panel where the request needs nothing of it', async () => {
    const page = fakePage({ problem: { kind: 'missing', detail: 'modelTrigger' } });
    await expect(apply(page, planOf())).resolves.toMatchObject({
      modelId: 'wanted',
      uncontrolled: expect.arrayContaining(['googleSearch']),
    });
    expect(page.opened).toEqual(['wanted']);
  });

  it('names what is missing where the request needs it', async () => {
    const page = fakePage({ problem: { kind: 'missing', detail: 'modelTrigger' } });
    await expect(apply(page, planOf({ googleSearch: true }))).rejects.toMatchObject({
      code: 'upstream_error',
      message: expect.stringContaining("shows no 'googleSearch'"),
    });
  });

  it('looks again before it believes that a control is missing', async () => {
    const early: PanelState = { ...nothing, modelId: 'wanted' };
    const off = { isOn: false, isDisabled: false };
    const late: PanelState = {
      ...early,
      toggles: { googleSearch: { ...off, isOn: true }, functionCalling: off },
      stop: [],
      hasSystem: false,
    };
    const page = fakePage({ shown: [early, late] });
    const applied = await apply(page, planOf({ googleSearch: true }));
    expect(applied.uncontrolled).not.toContain('googleSearch');
  });
});
