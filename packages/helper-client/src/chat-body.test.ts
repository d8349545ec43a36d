import { type FilePart, PLAIN_SETTINGS, type Plan, type Turn } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { toChatBody } from './chat-body.ts';

const dataOf = ({ name }: FilePart): string => `<${name}>`;
const file = (mimeType: string, name: string): FilePart => {
  const stored = { number: 0, size: 0, digest: '' };
  return { type: 'file', mimeType, name, ...stored };
};
const user: Turn = { role: 'user', parts: [{ type: 'text', text: 'Hi' }] };
const plan = (turns: Turn[], settings: Partial<Plan['settings']> = {}): Plan => ({
  model: 'gemini-2.5-flash',
  turns,
  settings: { ...PLAIN_SETTINGS, ...settings },
});

describe('toChatBody', () => {
  it('asks for no more than the plan does', () => {
    expect(toChatBody(plan([user]), 'theirs', dataOf)).toEqual({
      model: 'theirs',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('keeps the conversation as it is: names, files, calls and their results', () => {
    const turns: Turn[] = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        name: 'ann',
        parts: [
          { type: 'text', text: 'What is this?' },
          file('image/png', 'a.png'),
          file('audio/mpeg', 'b.mp3'),
          file('application/pdf', 'c.pdf'),
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'tool_call', callId: 'c1', name: 'look', arguments: '{"n":1}' },
          { type: 'tool_call', callId: 'c2', name: 'look', arguments: '{}' },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_result', callId: 'c1', text: 'a cat' }] },
      {
        role: 'tool',
        parts: [{ type: 'tool_result', callId: 'c2', name: 'look', text: 'a dog' }],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'One.' },
          { type: 'text', text: 'Two.' },
        ],
      },
    ];
    const call = (id: string, json: string): object => ({
      id,
      type: 'function',
      function: { name: 'look', arguments: json },
    });
    expect(toChatBody(plan(turns), 'm', dataOf)).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          name: 'ann',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,<a.png>' } },
            { type: 'input_audio', input_audio: { data: '<b.mp3>', format: 'mp3' } },
            {
              type: 'file',
              file: { filename: 'c.pdf', file_data: 'data:application/pdf;base64,<c.pdf>' },
            },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [call('c1', '{"n":1}'), call('c2', '{}')] },
        { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
        { role: 'tool', tool_call_id: 'c2', content: 'a dog' },
        { role: 'assistant', content: 'One.\n\nTwo.' },
      ],
    });
  });

  it('names files of other messages at their place, and gives them to the user’s next', () => {
    const image = (name: string) => file('image/png', name);
    const turns: Turn[] = [
      { role: 'system', parts: [{ type: 'text', text: 'Our logo:' }, image('logo.png')] },
      {
        role: 'tool',
        parts: [{ type: 'tool_result', callId: 'c', text: 'Shot:' }, image('1.png')],
      },
      user,
      { role: 'assistant', parts: [{ type: 'text', text: 'Here:' }, image('2.png')] },
    ];
    const given = (name: string): object => {
      const url = `data:image/png;base64,<${name}>`;
      return { type: 'image_url', image_url: { url } };
    };
    expect(toChatBody(plan(turns), 'm', dataOf)).toMatchObject({
      messages: [
        { role: 'system', content: 'Our logo:\n\n[attached file: "logo.png"]' },
        { role: 'tool', tool_call_id: 'c', content: 'Shot:\n\n[attached file: "1.png"]' },
        {
          role: 'user',
          content: [given('logo.png'), given('1.png'), { type: 'text', text: 'Hi' }],
        },
        { role: 'assistant', content: 'Here:\n\n[attached file: "2.png"]' },
        { role: 'user', content: [given('2.png')] },
      ],
    });
  });

  it('carries every setting', () => {
    const schema = { type: 'object' };
    const look = { name: 'look', description: 'Looks.', parameters: schema };
    const body = toChatBody(
      plan([user], {
        temperature: 0,
        topP: 0.5,
        maxOutputTokens: 9,
        stop: ['END'],
        thinking: { type: 'level', level: 'low' },
        functions: [look],
        calling: { mode: 'auto', isRequired: true, isParallel: false },
        structuredOutput: { schema, strict: true },
      }),
      'm',
      dataOf,
    );
    expect(body).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_tokens: 9,
      stop: ['END'],
      reasoning_effort: 'low',
      tools: [{ type: 'function', function: look }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { schema, strict: true } },
    });
    expect(toChatBody(plan([user], { structuredOutput: {} }), 'm', dataOf)).toMatchObject({
      response_format: { type: 'json_object' },
    });
  });

  it.each([
    [{ type: 'off' }, 'none'],
    [{ type: 'auto' }, undefined],
    [{ type: 'budget', tokens: 1024 }, 'low'],
    [{ type: 'budget', tokens: 8192 }, 'medium'],
    [{ type: 'budget', tokens: 24_576 }, 'high'],
  ] as const)('says thinking %j as effort %s', (thinking, effort) => {
    const body = toChatBody(plan([user], { thinking }), 'm', dataOf);
    expect('reasoning_effort' in body ? body.reasoning_effort : undefined).toBe(effort);
  });

  it('leaves to the page what only the page has', () => {
    expect(() => toChatBody(plan([user], { googleSearch: true }), 'm', dataOf)).toThrow(
      'own tools',
    );
  });
});
