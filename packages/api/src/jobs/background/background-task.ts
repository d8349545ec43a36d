import { type DraftTurn } from '../../files/remote-file.ts';

/** What chat UIs and agents ask for by themselves, beside what their user asked. */
export type BackgroundTask = 'title' | 'tags' | 'follow_ups' | 'emoji' | 'autocompletion' | 'other';

/** An order to make something: within a few words of it stands what. */
const MAKE =
  '\\b(?:generate|create|write|provide|give|come up with|produce|make|suggest|predict|propose|list|reply with)\\b';
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
  [
    'follow_ups',
    new RegExp(`${MAKE}[^.\\n]{0,80}\\b(?:this|the) user\\b[^.\\n]{0,60}\\bnext\\b`, 'i'),
  ],
  ['emoji', new RegExp(`${MAKE}[^.\\n]{0,60}\\bemoji\\b[^\\n]{0,100}${CHAT}`, 'i')],
  ['autocompletion', /\byou are an? (?:auto-?completion|auto-?complete)\b/i],
];

/** The order stands at the very beginning; what follows may be the conversation itself, about anything. */
const BEGINNING = 250;
/** Or it stands around the conversation that it quotes. */
const AROUND = 500;

/** What is known of a prompt beside its words. */
export interface PromptContext {
  /** Whether it declares tools: what chat programs ask by themselves needs none. */
  readonly hasTools: boolean;
  /** Real prompts of the same key that came a moment ago, each whole. */
  readonly recent: readonly string[];
  /** Whether its headers are those of a chat program. */
  readonly isOfChatProgram: boolean;
  /** Further wordings, in small letters, that such prompts have near their beginning (BACKGROUND_PROMPTS). */
  readonly phrases: readonly string[];
}

const NOTHING_KNOWN: PromptContext = {
  hasTools: false,
  recent: [],
  isOfChatProgram: false,
  phrases: [],
};

/**
 * Which background task this is; undefined: a person waits for the answer. Told by how the system
 * message or the only user message begins, and else by its form: it quotes a conversation, demands an
 * answer of a fixed form, and has a task for its heading, or is of a chat program, or quotes what the
 * same key has just asked. A conversation that goes on is never taken for one.
 */
export function backgroundTaskOf(
  turns: readonly DraftTurn[],
  context: PromptContext = NOTHING_KNOWN,
): BackgroundTask | undefined {
  const said = turns.filter(({ role }) => role !== 'system');
  const [only] = said;
  if (said.length > 1 || only?.role !== 'user' || context.hasTools) return undefined;
  const texts = turns.map(textOf);
  const beginnings = texts.map((text) => text.slice(0, BEGINNING));
  const known = SHAPES.find(([, shape]) => beginnings.some((text) => shape.test(text)))?.[0];
  if (known) return known;
  const isListed = beginnings.some((text) =>
    context.phrases.some((phrase) => text.toLowerCase().includes(phrase)),
  );
  return isListed ? (kindOf(beginnings.join('\n')) ?? 'other') : taskByForm(textOf(only), context);
}

const textOf = ({ parts }: DraftTurn): string =>
  parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();

const HEADING = /^(?:#{1,6} ?|\*\*)?(?:task|instructions?|your task)\b ?:?/i;
const CHAT_HEADING =
  /<(?:chat_history|conversation|messages|chat|history|transcript)>|^#{0,6} ?\*{0,2}(?:chat history|conversation)\b.{0,20}:/im;
/** Where somebody begins to speak in a conversation that is quoted; the group: it is the assistant. */
const SPEAKER = /^(?:user|human|(assistant|ai|bot)) ?:/gim;
/** How far below a message of the user its answer begins at most, characters. */
const ANSWERED_WITHIN = 5000;
const FIXED_FORM =
  /\bjson\b[^]{0,200}[{[]\s*"|\b(?:respond|reply|answer|output|return|write|give)\b[^.\n]{0,40}\bjson\b|\b(?:respond|reply|answer|output|return|write)\b[^.\n]{0,40}\b(?:only|nothing else|just)\b|\bonly\b[^.\n]{0,30}\b(?:title|tags|emoji|questions|messages|suggestions)\b/i;
/** What an answer waits for: searching, tools, shorter contexts. */
const AWAITED =
  /\bquer(?:y|ies)\b|\bsearch\b|\btools?\b|\bfunctions?\b|\bretriev|\bsummar(?:y|i[sz]e)\b|\bcompact|\btranslat|\brephrase|\bimage\b/i;

/** Looks at each line once: a long log of one speaker must not hold up everybody else. */
function quotesChat(text: string): boolean {
  if (CHAT_HEADING.test(text)) return true;
  let asked = -Infinity;
  for (const { index, 1: assistant } of text.matchAll(SPEAKER)) {
    if (assistant === undefined) asked = index;
    else if (index - asked <= ANSWERED_WITHIN) return true;
  }
  return false;
}

const KINDS: readonly (readonly [BackgroundTask, RegExp])[] = [
  ['title', /\b(?:titles?|name|headline)\b/i],
  ['tags', /\b(?:tags|categor(?:y|ies)|topics)\b/i],
  [
    'follow_ups',
    /\bfollow[- _]?ups?\b|\b(?:messages?|questions?|prompts?|replies)\b[^.\n]{0,60}\b(?:next|might)\b|\bnext\b[^.\n]{0,40}\b(?:messages?|questions?|prompts?)\b/i,
  ],
  ['emoji', /\bemojis?\b/i],
];

const kindOf = (order: string): BackgroundTask | undefined =>
  KINDS.find(([, shape]) => shape.test(order))?.[0];

function taskByForm(
  text: string,
  { recent, isOfChatProgram }: PromptContext,
): BackgroundTask | undefined {
  const order =
    text.length > 2 * AROUND ? `${text.slice(0, AROUND)}\n${text.slice(-AROUND)}` : text;
  if (!FIXED_FORM.test(text)) return undefined;
  const quotesRecent = recent.some((said) => text.length > said.length && text.includes(said));
  const isTask = quotesChat(text) && (HEADING.test(text) || isOfChatProgram);
  if (!quotesRecent && !isTask) return undefined;
  const kind = kindOf(order);
  if (kind) return kind;
  return AWAITED.test(order) ? undefined : 'other';
}
