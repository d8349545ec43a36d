/**
 * Request bodies in the manner of real programs (openai-behaviours W-01 … W-05), in words of our
 * own. Each holds `QUESTION` where such programs put the user's words.
 */
export interface AgentBody {
  readonly title: string;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly tools: readonly { readonly name: string }[];
  };
  /** Texts that must reach the page, in this order. */
  readonly inOrder: readonly string[];
}

/** The user's words in each of the bodies. */
export const QUESTION = 'Please rename the function parse to read.';

const paragraph = (topic: string, index: number): string =>
  `${index}. About ${topic}: keep to what the project does, look at <files> before you change them, never guess; "quote" paths such as C:\\src\\${topic}.ts and say why. `;
const prose = (topic: string, kilobytes: number): string => {
  const lines = Array.from({ length: kilobytes * 8 }, (_, index) => paragraph(topic, index));
  return lines.join('\n').slice(0, kilobytes * 1024);
};

/** Every JSON Schema word that agents were seen to send (W-04). */
const parameters = (index: number): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: `Arguments ${index}`,
  type: 'object',
  additionalProperties: false,
  properties: {
    path: {
      type: 'string',
      description: 'Where, from the root.',
      pattern: '^[^\\0]+$',
      minLength: 1,
    },
    limit: { type: 'integer', exclusiveMinimum: 0, maximum: 2000, default: 200 },
    mode: { type: ['string', 'null'], enum: ['read', 'write', null] },
    range: {
      anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' }, maxItems: 2 }],
    },
    edits: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        properties: { from: { type: 'string' }, to: { type: 'string', default: '' } },
        required: ['from', 'to'],
      },
    },
    target: {
      oneOf: [
        { type: 'object', properties: { line: { type: 'integer' } }, required: ['line'] },
        { type: 'object', properties: { symbol: { type: 'string' } }, required: ['symbol'] },
      ],
    },
  },
  required: ['path'],
});

const toolsOf = (count: number): { name: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'function',
    name: `tool_${index}`, // some repeat it beside `function`
    function: {
      name: `tool_${index}`,
      description: prose(`tool ${index}`, 1),
      parameters: parameters(index),
      strict: index % 2 === 0,
    },
  }));

const call = (id: string, path: string): object => ({
  id,
  type: 'function',
  function: { name: 'tool_0', arguments: JSON.stringify({ path }) },
});

/** A coding agent's turn: a long system prompt, 25 tools, reminders around the user's words. */
const codingAgent: AgentBody = {
  title: 'a coding agent: 25 tools, the question last of five parts (W-01, W-04, W-05)',
  body: {
    stream: true,
    stream_options: { include_usage: true },
    tool_choice: 'auto',
    parallel_tool_calls: true,
    store: false,
    max_completion_tokens: 32_000,
    temperature: null,
    stop: null,
    reasoning_effort: null,
    tools: toolsOf(25),
    messages: [
      {
        role: 'system',
        content: [
          { type: 'text', text: prose('the project', 14), cache_control: { type: 'ephemeral' } },
        ],
      },
      {
        role: 'user',
        content: [
          ...['first', 'second', 'third', 'fourth'].map((name) => ({
            type: 'text',
            text: `<reminder>The ${name} reminder.</reminder>`,
          })),
          { type: 'text', text: QUESTION, role: 'user', annotations: [] },
        ],
      },
    ],
  },
  inOrder: ['first', 'second', 'third', 'fourth']
    .map((name) => `The ${name} reminder.`)
    .concat(QUESTION),
};

/** History as two families of agents write it, with everything that they echo back. */
const longHistory: AgentBody = {
  title: 'calls in consecutive messages, their results after them all, echoed extras (W-03)',
  body: {
    stream: false,
    strict: true,
    max_tokens: 32_000,
    tools: toolsOf(6),
    messages: [
      { role: 'developer', content: prose('manners', 40) },
      { role: 'user', content: 'Look at both files.' },
      {
        role: 'assistant',
        content: null,
        refusal: null,
        annotations: [],
        parsed: null,
        tool_calls: [call('call_a', 'a.ts')],
      },
      { role: 'assistant', content: '', tool_calls: [call('call_b', 'b.ts')] },
      { role: 'tool', tool_call_id: 'call_a', name: 'tool_0', content: 'text of file a' },
      { role: 'tool', tool_call_id: 'call_b', content: [{ type: 'text', text: 'text of file b' }] },
      {
        role: 'assistant',
        content: [
          {
            type: 'text',
            text: 'I have seen both.',
            role: 'assistant',
            refusal: null,
            annotations: [],
          },
        ],
      },
      { role: 'user', content: 'It is Monday.' },
      { role: 'user', content: 'The tests pass.' },
      { role: 'user', content: `[2026-11-22] ${QUESTION}` },
    ],
  },
  inOrder: [
    'Look at both files.',
    'a.ts',
    'b.ts',
    'text of file a',
    'text of file b',
    'I have seen both.',
    'It is Monday.',
    'The tests pass.',
    `[2026-11-22] ${QUESTION}`,
  ],
};

/** What an agent asks beside the user's question, unasked (W-02). */
const memoryExtraction: AgentBody = {
  title: 'an extraction of memories: 44 kB, a system prompt and six tools of its own (W-02)',
  body: {
    stream: true,
    tools: toolsOf(6),
    messages: [
      { role: 'system', content: 'Extract what is worth keeping.' },
      { role: 'user', content: `${prose('the session', 38)}\nTranscript ends. ${QUESTION}` },
    ],
  },
  inOrder: ['1. About the session', `Transcript ends. ${QUESTION}`],
};

/** What a chat program asks at the same time as the user's question (W-02). */
export const titleRequest = (index: number): object => ({
  stream: true,
  max_tokens: 1000,
  messages: [
    { role: 'system', content: 'Give a title of at most five words.' },
    { role: 'user', content: `echo: title ${index}` },
  ],
});

/** One after another, each as it would come. */
export const AGENT_BODIES = [codingAgent, longHistory, memoryExtraction];
