import { describe, expect, it } from '@jest/globals';

import { backgroundTaskOf } from './background-task.ts';
import { type DraftTurn } from './remote-file.ts';

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
