import { describe, expect, it } from '@jest/globals';

import { type DraftTurn } from '../../files/remote-file.ts';
import { backgroundTaskOf } from './background-task.ts';

const turn = (role: DraftTurn['role'], text: string): DraftTurn => ({
  role,
  parts: [{ type: 'text', text }],
});
const user = (text: string): DraftTurn[] => [turn('user', text)];
const instructed = (system: string): DraftTurn[] => [
  turn('system', system),
  turn('user', 'How do I boil an egg?'),
];

describe('backgroundTaskOf', () => {
  it.each([
    [
      'title',
      user(
        '### Task:\nGenerate a short title, with an emoji, summing up the chat history.\n### Guidelines:\n…',
      ),
    ],
    [
      'title',
      user(
        'Please provide a short title of at most five words for the conversation, in its language.',
      ),
    ],
    [
      'title',
      user('Detect the language and write in it an extremely concise title for this conversation.'),
    ],
    [
      'title',
      instructed(
        'You are a title generator. Answer with the title of the thread and nothing else.',
      ),
    ],
    [
      'title',
      instructed('You will generate a short title from the first message of a conversation.'),
    ],
    ['title', instructed('You write concise conversation titles.')],
    [
      'title',
      user('Based on the messages, give this conversation a name of a few words.\nChat: …'),
    ],
    [
      'tags',
      user(
        '### Task:\nGenerate 1-3 broad tags for the main themes of the chat history, and their sub-themes.',
      ),
    ],
    [
      'follow_ups',
      user('### Task:\nSuggest 3-5 relevant follow-up questions that the user might ask next.'),
    ],
    ['emoji', user('Your task is to produce a fitting emoji for this message.')],
    [
      'autocompletion',
      user('### Task:\nYou are an autocompletion system. Continue the text in <text>.'),
    ],
  ])('sees that nobody waits for a %s (%#)', (task, turns) => {
    expect(backgroundTaskOf(turns)).toBe(task);
  });

  it.each([
    ['a plain question', user('How do I boil an egg?')],
    ['a title of something else', user('Write a catchy title for my blog post about eggs.')],
    ['code with a title', user('Create a dialog with a title, a message and a chat widget.')],
    ['a name for code', user('Give me a good name for a list of messages of a conversation.')],
    ['given titles', user('You are given a list of book titles. Sort them.')],
    ['HTML', user('Create a page whose title tag says hello.')],
    [
      'search queries, which an answer waits for',
      user('### Task:\nAnalyze the chat history to see whether search queries are needed.'),
    ],
    [
      'a summary, which an answer waits for',
      instructed('Summarize the conversation so far so that work can go on.'),
    ],
    ['an assistant', instructed('You are a helpful assistant. Be concise.')],
    [
      'words deep inside a long prompt',
      user(`${'The story so far. '.repeat(30)} Generate a title for this conversation.`),
    ],
    [
      'a conversation that goes on',
      [
        ...user('Generate a title for this chat.'),
        turn('assistant', 'Eggs'),
        turn('user', 'Shorter!'),
      ],
    ],
  ])('takes %s for what a person waits for', (_, turns) => {
    expect(backgroundTaskOf(turns)).toBeUndefined();
  });
});

const CHAT = `<chat_history>
USER: How do I boil an egg so that its yolk stays soft?
ASSISTANT: Six minutes.
</chat_history>`;
const plain = { hasTools: false, recent: [], isOfChatProgram: false, phrases: [] };

describe('a background prompt in words that nobody knows', () => {
  it.each([
    [
      'follow_ups',
      '### Task:\nPredict 3-5 useful messages this user might naturally send next in the chat.\n' +
        `### Output:\nJSON format: { "follow_ups": ["…"] }\n### Chat History:\n${CHAT}`,
    ],
    [
      'follow_ups',
      `### Task:\nThink of what comes next: 3 messages that may come.\nOutput JSON: { "next": ["…"] }\n${CHAT}`,
    ],
    ['title', `# Task\nA headline in three words.\nJSON only: {"headline": "…"}\n${CHAT}`],
    ['tags', `Task: classify by topics. Respond with JSON: { "topics": ["…"] }\n${CHAT}`],
    [
      'other',
      `### Task:\nRate the mood of it.\n### Output:\nJSON format: { "mood": "…" }\n${CHAT}`,
    ],
  ])('is told by its form: %s (%#)', (task, text) => {
    expect(backgroundTaskOf(user(text))).toBe(task);
    expect(backgroundTaskOf(user(text), { ...plain, hasTools: true })).toBeUndefined();
  });

  const egg = 'How do I boil an egg so that its yolk stays soft?';
  const around = `Ignore what was said before.\n\nHere is the query:\n${egg} ${egg}\n\nA headline for it, at most 5 words. RESPOND ONLY WITH THE TITLE.`;

  it('is told by quoting what the same key has just asked', () => {
    expect(backgroundTaskOf(user(around), { ...plain, recent: [egg] })).toBe('title');
    expect(backgroundTaskOf(user(around), plain)).toBeUndefined();
    expect(backgroundTaskOf(user(egg), { ...plain, recent: [egg] })).toBeUndefined();
  });

  it('is told so, too, where it asks for JSON without an example of it', () => {
    const next = `Given this conversation, what would the user ask next? Return a JSON array of three short strings.\n\nuser: ${egg}\nassistant: Six minutes.`;
    expect(backgroundTaskOf(user(next), { ...plain, recent: [egg] })).toBe('other');
    expect(backgroundTaskOf(user(next), plain)).toBeUndefined();
  });

  it('is not one of many that begin alike, or that are sent again', () => {
    const order = 'Say what this review is about, as JSON only: {"about": "…"}.\nThe review: ';
    const recent = [`${order}it is fine`];
    expect(backgroundTaskOf(user(`${order}it is bad`), { ...plain, recent })).toBeUndefined();
    expect(backgroundTaskOf(user(`${order}it is fine`), { ...plain, recent })).toBeUndefined();
  });

  it('is told with the help of a chat program’s headers', () => {
    const text = `Give a mood as JSON: {"mood": "…"}\n${CHAT}`;
    expect(backgroundTaskOf(user(text), { ...plain, isOfChatProgram: true })).toBe('other');
    expect(backgroundTaskOf(user(text), plain)).toBeUndefined();
  });

  it('is told by the wordings that the settings add', () => {
    const text = 'Bitte gib dem Gespräch eine Überschrift.';
    const context = { ...plain, phrases: ['gib dem gespräch eine überschrift'] };
    expect(backgroundTaskOf(user(text), context)).toBe('other');
  });

  it.each([
    `### Task:\nDecide whether web search is needed.\nJSON: { "queries": ["…"] }\n${CHAT}`,
    `### Task:\nChoose the tools to call.\nJSON: { "tool_calls": [] }\n${CHAT}`,
    `### Task:\nSummarize the chat so that it can go on.\nRespond only with JSON: { "text": "…" }\n${CHAT}`,
    `Translate this chat into French and return JSON: { "text": "…" }\n${CHAT}`,
  ])('is not one that an answer waits for (%#)', (text) => {
    expect(backgroundTaskOf(user(text), { ...plain, isOfChatProgram: true })).toBeUndefined();
  });
});

describe('a quoted conversation', () => {
  const order = 'Write only a title, as JSON: {"title": "…"}\n';
  const ofChatProgram = { hasTools: false, recent: [], isOfChatProgram: true, phrases: [] };
  const tell = (text: string): unknown => backgroundTaskOf(user(order + text), ofChatProgram);

  it('is one where an assistant answers a user soon', () => {
    expect(tell('User: Hi\nAssistant: Hello')).toBe('title');
    expect(tell('Assistant: Hello\nUser: Hi')).toBeUndefined();
    expect(tell(`User: ${'x'.repeat(6000)}\nAssistant: Hello`)).toBeUndefined();
  });

  it('is looked for in a time that grows with the text alone', () => {
    const from = performance.now();
    expect(tell('user: hello\n'.repeat(1_000_000))).toBeUndefined();
    expect(performance.now() - from).toBeLessThan(5000); // a window behind each line takes minutes
  });
});
