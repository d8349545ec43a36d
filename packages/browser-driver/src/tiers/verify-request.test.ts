import { PLAIN_SETTINGS, type RequestSummary, type Settings } from '@aistudio/core';
import { digestTexts } from '@aistudio/wire';
import { describe, expect, it } from '@jest/globals';

import { type Wanted } from '../page/wanted.ts';
import { mismatches } from './verify-request.ts';

const text = 'hello\n';
const prompt = { system: 'Be brief.', text, digest: digestTexts([text]), files: [] };
const wanted: Wanted = {
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
const settings: Settings = { ...PLAIN_SETTINGS, temperature: 0.2 };
const compare = (summary: Partial<RequestSummary>, wish: Partial<Wanted> = {}): string[] =>
  mismatches({ ...sent, ...summary }, settings, { ...wanted, ...wish }, prompt);

describe('mismatches', () => {
  it('finds none where the page sent what was wanted', () => {
    expect(compare({})).toEqual([]);
  });

  it.each<[string, Partial<RequestSummary>]>([
    ['model', { model: 'other' }],
    ['temperature', { temperature: 1 }],
    ['temperature', { temperature: undefined }],
    ['max_tokens', { maxOutputTokens: 65_536 }],
    ['stop', { stop: [] }],
    ['thinking', { thinking: { level: 'high' } }],
    ['google_search', { googleSearch: true }],
    ['url_context', { urlContext: true }],
    ['code_execution', { codeExecution: true }],
    ['functions', { functionNames: ['f'] }],
    ['response_format', { responseMimeType: 'application/json' }],
    ['system', { systemDigest: undefined }],
    ['prompt', { promptDigest: digestTexts(['earlier text', text]) }],
    ['files', { fileCount: 1 }],
  ])('names %s', (name, summary) => {
    expect(compare(summary)).toEqual([name]);
  });

  it('takes a default that the page leaves to the service', () => {
    expect(compare({ maxOutputTokens: undefined })).toEqual([]);
  });

  it('bundle §2.3: does not count what an interaction’s request cannot show', () => {
    const bare = { temperature: undefined, stop: [], thinking: undefined };
    expect(compare(bare)).toEqual(['temperature', 'stop', 'thinking']);
    expect(compare({ ...bare, unread: ['temperature', 'stop', 'thinking'] })).toEqual([]);
  });

  it('lets the page trim white space around texts', () => {
    expect(compare({ promptDigest: digestTexts(['hello']) })).toEqual([]);
  });

  it('knows thinking that is off in both of its forms', () => {
    const { thinkingLevel: _, ...withoutLevel } = wanted;
    const off = { ...withoutLevel, toggles: { thinking: false } };
    const compareOff = (thinking: RequestSummary['thinking']): string[] =>
      mismatches({ ...sent, thinking }, settings, off, prompt);
    expect(compareOff({ budget: 0 })).toEqual([]);
    expect(compareOff(undefined)).toEqual([]);
    expect(compareOff({ budget: 1024 })).toEqual(['thinking']);
  });
});
