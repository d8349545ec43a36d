import { type RequestSummary, type Settings } from '@aistudio/core';
import { digestTexts } from '@aistudio/wire';

import { type Prompt } from '../job/prompt.ts';
import { type Wanted } from '../page/wanted.ts';

/**
 * Compares what left the page with what was wanted. Gives the names of what differs, in the words
 * of the request (`temperature`, `prompt`, …), without values: none means they are the same. What
 * such a request does not let us read counts as the same.
 */
export function mismatches(
  summary: RequestSummary,
  settings: Settings,
  wanted: Wanted,
  prompt: Prompt,
): string[] {
  const { numbers, toggles } = wanted;
  /** A default that the page leaves to the service is as good as one that it sends. */
  const isNumber = (name: 'temperature' | 'topP' | 'maxOutputTokens'): boolean =>
    (summary[name] === undefined && settings[name] === undefined) ||
    isSame(numbers[name], summary[name]);
  const wishes: [string, boolean][] = [
    ['model', summary.model === wanted.modelId],
    ['temperature', isNumber('temperature')],
    ['top_p', isNumber('topP')],
    ['max_tokens', isNumber('maxOutputTokens')],
    ['stop', isSameSet(summary.stop, wanted.stop)],
    ['thinking', isThinking(summary, wanted)],
    ['google_search', summary.googleSearch === (toggles.googleSearch === true)],
    ['url_context', summary.urlContext === (toggles.urlContext === true)],
    ['code_execution', summary.codeExecution === (toggles.codeExecution === true)],
    ['functions', isSameSet(summary.functionNames, wanted.functionNames)],
    [
      'response_format',
      (summary.responseMimeType === 'application/json') === (toggles.structuredOutput === true) &&
        summary.hasResponseSchema === (wanted.schemaJson !== undefined),
    ],
    ['system', isSystem(summary, wanted)],
    // Whether the page keeps white space around a prompt is its own affair.
    ['prompt', [prompt.digest, digestTexts([prompt.text.trim()])].includes(summary.promptDigest)],
    ['files', summary.fileCount === prompt.files.length],
  ];
  const isUnread = (name: string): boolean => summary.unread?.includes(name) ?? false;
  return wishes.flatMap(([name, isFulfilled]) => (isFulfilled || isUnread(name) ? [] : [name]));
}

/** Without a wish anything is right. */
function isSame(wish: number | undefined, sent: number | undefined): boolean {
  return wish === undefined || (sent !== undefined && Math.abs(wish - sent) < 1e-6);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function isThinking({ thinking }: RequestSummary, wanted: Wanted): boolean {
  if (wanted.thinkingLevel !== undefined) return thinking?.level === wanted.thinkingLevel;
  if (wanted.toggles.thinking === false) return thinking === undefined || thinking.budget === 0;
  return isSame(wanted.numbers.thinkingBudget, thinking?.budget);
}

function isSystem({ systemDigest }: RequestSummary, { system }: Wanted): boolean {
  if (system === '') return systemDigest === undefined;
  return [system, system.trim()].some((text) => digestTexts([text]) === systemDigest);
}
