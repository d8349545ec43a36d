import { PLAIN_SETTINGS, type RequestSummary, type Settings } from '@aistudio/core';
import { digestTexts } from '@aistudio/wire';
import { describe, expect, it } from '@jest/globals';

import { type DesiredSettings } from '../page/desired-settings.ts';
import { type Mismatches, mismatches } from './verify-request.ts';

const text = 'hello\n';
const prompt = { system: 'Be brief.', text, digest: digestTexts([text]), files: [] };
const wanted: DesiredSettings = {
  modelId: 'm',
  system: 'Be brief.',
  numbers: { temperature: 0.2, maxOutputTokens: 100 },
  toggles: { googleSearch: false },
  thinkingLevel: 'low',
  stop: ['END'],
  functionNames: [],
  ignored: [],
};
const sent: RequestSummary = {
  model: 'm',
  temperature: 0.2,
  topP: 0.95,
  maxOutputTokens: 100,
  stop: ['END'],
  hasResponseSchema: false,
  thinking: { level: 'low' },
  googleSearch: false,
  urlContext: false,
  codeExecution: false,
  functionNames: [],
  contentCount: 1,
  partCount: 1,
  fileCount: 0,
  promptDigest: prompt.digest,
  systemDigest: digestTexts(['Be brief.']),
};
const settings: Settings = { ...PLAIN_SETTINGS, temperature: 0.2, maxOutputTokens: 100 };
const compare = (
  summary: Partial<RequestSummary>,
  wish: Partial<DesiredSettings> = {},
): Mismatches => mismatches({ ...sent, ...summary }, settings, { ...wanted, ...wish }, prompt);
const none = { certain: [], doubtful: [] };

describe('mismatches', () => {
  it('finds none where the page sent what was wanted', () => {
    expect(compare({})).toEqual(none);
  });

  it.each<[string, Partial<RequestSummary>]>([
    ['model', { model: 'other' }],
    ['temperature', { temperature: 1 }],
    ['temperature', { temperature: undefined }],
    ['max_tokens', { maxOutputTokens: 65_536 }],
    ['google_search', { googleSearch: true }],
    ['url_context', { urlContext: true }],
    ['code_execution', { codeExecution: true }],
    ['functions', { functionNames: ['f'] }],
    ['response_format', { responseMimeType: 'application/json' }],
    ['system', { systemDigest: undefined }],
    ['prompt', { promptDigest: digestTexts(['earlier text', text]) }],
    ['prompt', { contentCount: 3 }],
    ['files', { fileCount: 1 }],
  ])('is certain of another %s', (name, summary) => {
    expect(compare(summary)).toEqual({ certain: [name], doubtful: [] });
  });

  it.each<[string, Partial<RequestSummary>]>([
    ['stop', { stop: [] }],
    ['thinking', { thinking: { level: 'high' } }],
  ])('has a doubt about another %s, whose code may have changed', (name, summary) => {
    expect(compare(summary)).toEqual({ certain: [], doubtful: [name] });
  });

  it('only doubts a default that nobody asked for', () => {
    const plain = mismatches({ ...sent, temperature: 1 }, PLAIN_SETTINGS, wanted, prompt);
    expect(plain).toEqual({ certain: [], doubtful: ['temperature'] });
  });

  it('only doubts a tool that the page lets nobody switch off', () => {
    const uncontrolled = ['googleSearch'];
    expect(compare({ googleSearch: true }, { uncontrolled }).certain).toEqual([]);
    const asked = { uncontrolled, toggles: { googleSearch: true } };
    expect(compare({ googleSearch: false }, asked).certain).toEqual(['google_search']);
  });

  it('takes a default that the page leaves to the service', () => {
    const lengthless = { ...settings, maxOutputTokens: undefined };
    const summary = { ...sent, maxOutputTokens: undefined };
    expect(mismatches(summary, lengthless, wanted, prompt)).toEqual(none);
  });

  it('bundle §2.3: does not count what an interaction’s request cannot show', () => {
    const bare = { temperature: undefined, stop: [], thinking: undefined };
    const { certain, doubtful } = compare(bare);
    expect([...certain, ...doubtful].toSorted()).toEqual(['stop', 'temperature', 'thinking']);
    expect(compare({ ...bare, unread: ['temperature', 'stop', 'thinking'] })).toEqual(none);
  });

  it('lets the page trim white space around texts', () => {
    expect(compare({ promptDigest: digestTexts(['hello']) })).toEqual(none);
  });

  it('knows thinking that is off in both of its forms', () => {
    const { thinkingLevel: _, ...withoutLevel } = wanted;
    const off = { ...withoutLevel, toggles: { thinking: false } };
    const compareOff = (thinking: RequestSummary['thinking']): string[] =>
      mismatches({ ...sent, thinking }, settings, off, prompt).doubtful;
    expect(compareOff({ budget: 0 })).toEqual([]);
    expect(compareOff(undefined)).toEqual([]);
    expect(compareOff({ budget: 1024 })).toEqual(['thinking']);
  });
});
