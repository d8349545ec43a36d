import { names, type ProcessStatus } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { type Health, readHealth } from './health.ts';

const status = (
  kind: ProcessStatus['kind'],
  detail: ProcessStatus['detail'] = {},
  ready = true,
): ProcessStatus => ({ kind, instance: 'one', at: 0, ready, detail });

const driver = (slot: object = { state: 'ready' }, ready = true): ProcessStatus =>
  status(
    'browser-driver',
    {
      slots: [{ id: 'one-0', ...slot }],
      tiers: ['stream-proxy', 'dom'],
      profile: { name: 'alice at work', isSignedIn: true },
    },
    ready,
  );

/** The health of a system whose processes say this. */
function healthOf(
  statuses: readonly ProcessStatus[],
  models = 1,
  stopping = new AbortController().signal,
): Promise<Health> {
  const list = {
    at: 1,
    models: Array.from({ length: models }, (_, id) => ({ ...model, id: `${id}` })),
  };
  const redis = {
    status: 'ready',
    aistudioReadEntries: async (_keys: number, index: string) =>
      (index === names.processes ? statuses : [list]).map((one) => JSON.stringify(one)),
  };
  return readHealth(redis as unknown as Redis, true, stopping);
}
const model = {
  displayName: 'M',
  aliases: [],
  methods: [],
  capabilities: [],
  thinking: { type: 'none' },
  paidOnly: false,
};

describe('readHealth', () => {
  it('is ok with every part', async () => {
    const health = await healthOf([driver(), status('stream-proxy')]);
    expect(health).toMatchObject({ status: 'ok', ready: true });
  });

  it.each([
    ['the stream proxy is away', [driver()]],
    [
      'a page goes around it',
      [driver({ state: 'ready', degraded: 'refused' }), status('stream-proxy')],
    ],
    ['a page has failed', [driver({ state: 'failed' }), status('stream-proxy')]],
  ])('is degraded, and ready, while prompts are answered though %s', async (_what, statuses) => {
    expect(await healthOf(statuses)).toMatchObject({ status: 'degraded', ready: true });
  });

  it.each([
    ['no driver', [status('stream-proxy')], 1],
    [
      'a driver that is not ready',
      [driver({ state: 'opening' }, false), status('stream-proxy')],
      1,
    ],
    ['no models', [driver(), status('stream-proxy')], 0],
  ] as const)('is unavailable with %s', async (_what, statuses, models) => {
    expect(await healthOf(statuses, models)).toMatchObject({ status: 'unavailable', ready: false });
  });

  it('is unavailable once the process has been told to stop', async () => {
    const everything = [driver(), status('stream-proxy')];
    expect(await healthOf(everything, 1, AbortSignal.abort())).toMatchObject({
      status: 'unavailable',
      ready: false,
    });
  });

  it('keeps the names of profiles to itself', async () => {
    const health = await healthOf([driver(), status('stream-proxy')]);
    expect(JSON.stringify(health)).not.toContain('alice');
    expect(health.parts['browser-driver'].instances[0]?.detail.profile).toEqual({
      isSignedIn: true,
    });
  });
});
