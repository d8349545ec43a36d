import { type DraftTurn } from './remote-file.ts';

/** What chat UIs and agents ask for by themselves, beside what their user asked. */
export type BackgroundTask = 'title' | 'tags' | 'follow_ups' | 'emoji' | 'autocompletion';

/** An order to make something: within a few words of it stands what. */
const MAKE =
  '\\b(?:generate|create|write|provide|give|come up with|produce|make|suggest|reply with)\\b';
/** The conversation, as such prompts call it. */
const CHAT =
  "(?:\\b(?:the|this|current)(?: \\w+){0,2} (?:chat|conversation|thread|session|discussion)\\b|\\b(?:first|this|user[’']s) (?:message|query)\\b)";

/**
 * How those prompts begin, in Open WebUI, LibreChat, n8n, opencode, Zed and others like them: with an
 * order to make this one thing of the conversation. Prompts that an answer waits for (search queries,
 * summaries that shorten a context) are not among them.
 */
const SHAPES: readonly (readonly [BackgroundTask, RegExp])[] = [
  ['title', new RegExp(`${MAKE}[^.\\n]{0,80}\\btitle\\b[^\\n]{0,100}${CHAT}`, 'i')],
  ['title', new RegExp(`\\bconcise\\b[^.\\n]{0,60}\\btitle\\b[^\\n]{0,100}${CHAT}`, 'i')],
  ['title', new RegExp(`${MAKE} ${CHAT} (?:a|an|its)\\b[^.\\n]{0,40}\\b(?:title|name)\\b`, 'i')],
  ['title', /\byou are an? [^.\n]{0,40}\btitle (?:generator|writer|creator|assistant)\b/i],
  [
    'title',
    /\byou (?:generate|create|write)\b[^.\n]{0,40}\b(?:chat|conversation|thread) titles?\b/i,
  ],
  ['tags', new RegExp(`${MAKE}[^.\\n]{0,60}\\btags\\b[^\\n]{0,100}${CHAT}`, 'i')],
  ['follow_ups', new RegExp(`${MAKE}[^.\\n]{0,60}\\bfollow[- ]?up (?:questions|prompts)\\b`, 'i')],
  ['emoji', new RegExp(`${MAKE}[^.\\n]{0,60}\\bemoji\\b[^\\n]{0,100}${CHAT}`, 'i')],
  ['autocompletion', /\byou are an? (?:auto-?completion|auto-?complete)\b/i],
];

/** The order stands at the very beginning; what follows may be the conversation itself, about anything. */
const BEGINNING = 250;

/**
 * Which background task this is; undefined: a person waits for the answer. Told by how the system
 * message or the only user message begins: a conversation that goes on is never taken for one.
 */
export function backgroundTaskOf(turns: readonly DraftTurn[]): BackgroundTask | undefined {
  const said = turns.filter(({ role }) => role !== 'system');
  const [only] = said;
  if (said.length > 1 || only?.role !== 'user') return undefined;
  const beginnings = turns.map(({ parts }) => {
    const [first] = parts;
    return first?.type === 'text' ? first.text.trimStart().slice(0, BEGINNING) : '';
  });
  return SHAPES.find(([, shape]) => beginnings.some((text) => shape.test(text)))?.[0];
}
