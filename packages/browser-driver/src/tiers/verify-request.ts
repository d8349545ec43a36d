import { type RequestSummary, type Settings } from '@aistudio/core';
import { digestTexts } from '@aistudio/wire';

import { type Prompt } from '../job/prompt.ts';
import { type DesiredSettings } from '../page/desired-settings.ts';
import { type ToggleName } from '../page/panel-state.ts';

/** What left the page differently, in the words of the request (`temperature`, `prompt`, …). */
export interface Mismatches {
  /** The answer would be one to another request. */
  readonly certain: string[];
  /**
   * Perhaps only our reading of the request is out of date, or the page has no control to make it
   * right: a second Run would change nothing.
   */
  readonly doubtful: string[];
}

/**
 * Compares what left the page with what was wanted. Gives names without values: what
 * such a request does not let us read counts as the same.
 */
export function mismatches(
  summary: RequestSummary,
  settings: Settings,
  wanted: DesiredSettings,
  prompt: Prompt,
): Mismatches {
  const { numbers, toggles, uncontrolled = [] } = wanted;
  /** A default that the page leaves to the service is as good as one that it sends. */
  const isNumber = (name: 'temperature' | 'topP' | 'maxOutputTokens'): boolean =>
    (summary[name] === undefined && settings[name] === undefined) ||
    isSame(numbers[name], summary[name]);
  const isAsked = (name: 'temperature' | 'topP' | 'maxOutputTokens'): boolean =>
    settings[name] !== undefined;
  /** A tool that nobody asked for, and that the page lets nobody switch off. */
  const isImposed = (name: ToggleName): boolean =>
    toggles[name] !== true && uncontrolled.includes(name);
  const wishes: readonly (readonly [name: string, isFulfilled: boolean, isCertain: boolean])[] = [
    ['model', summary.model === wanted.modelId, true],
    ['temperature', isNumber('temperature'), isAsked('temperature')],
    ['top_p', isNumber('topP'), isAsked('topP')],
    ['max_tokens', isNumber('maxOutputTokens'), isAsked('maxOutputTokens')],
    // They are looked for in the answer besides.
    ['stop', isSameSet(summary.stop, wanted.stop), false],
    // Its numbers change from one call to another (wire-format.md §4.1).
    ['thinking', isThinking(summary, wanted), false],
    [
      'google_search',
      summary.googleSearch === (toggles.googleSearch === true),
      !isImposed('googleSearch'),
    ],
    ['url_context', summary.urlContext === (toggles.urlContext === true), !isImposed('urlContext')],
    [
      'code_execution',
      summary.codeExecution === (toggles.codeExecution === true),
      !isImposed('codeExecution'),
    ],
    [
      'functions',
      isSameSet(summary.functionNames, wanted.functionNames),
      !isImposed('functionCalling'),
    ],
    [
      'response_format',
      (summary.responseMimeType === 'application/json') === (toggles.structuredOutput === true) &&
        summary.hasResponseSchema === (wanted.schemaJson !== undefined),
      !isImposed('structuredOutput'),
    ],
    ['system', isSystem(summary, wanted), true],
    ['prompt', isPrompt(summary, prompt), true],
    ['files', summary.fileCount === prompt.files.length, true],
  ];
  const isUnread = (name: string): boolean => summary.unread?.includes(name) ?? false;
  const failed = wishes.filter(([name, isFulfilled]) => !isFulfilled && !isUnread(name));
  const names = (isCertain: boolean): string[] =>
    failed.filter(([, , certain]) => certain === isCertain).map(([name]) => name);
  return { certain: names(true), doubtful: names(false) };
}

/** Without a wish anything is right. */
function isSame(wish: number | undefined, sent: number | undefined): boolean {
  return wish === undefined || (sent !== undefined && Math.abs(wish - sent) < 1e-6);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/**
 * Whether the page keeps white space around a prompt is its own affair; more contents than the text
 * and its files are those of an old conversation.
 */
function isPrompt({ promptDigest, contentCount }: RequestSummary, prompt: Prompt): boolean {
  const isText = [prompt.digest, digestTexts([prompt.text.trim()])].includes(promptDigest);
  return isText && contentCount <= prompt.files.length + 1;
}

function isThinking({ thinking }: RequestSummary, wanted: DesiredSettings): boolean {
  if (wanted.thinkingLevel !== undefined) return thinking?.level === wanted.thinkingLevel;
  if (wanted.toggles.thinking === false) return thinking === undefined || thinking.budget === 0;
  return isSame(wanted.numbers.thinkingBudget, thinking?.budget);
}

function isSystem({ systemDigest }: RequestSummary, { system }: DesiredSettings): boolean {
  if (system === '') return systemDigest === undefined;
  return [system, system.trim()].some((text) => digestTexts([text]) === systemDigest);
}
