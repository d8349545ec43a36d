import { type RpcNames } from './rpc.ts';

/**
 * Where things stand in the messages (wire-format.md): position = field number − 1. It is the one
 * table of positions and it is plain data, so that another one can be given in its place when the
 * page changes.
 */
export const wirePositions = {
  /** GenerateContent, wire-format.md §4. */
  request: { model: 0, contents: 1, config: 3, attestation: 4, system: 5, tools: 6, apiKey: 14 },
  /** Of CountTokens only the secret matters, §7. */
  countTokens: { apiKey: 3 },
  /** Generation config, §4.1. */
  config: {
    stop: 1,
    maxOutputTokens: 3,
    temperature: 4,
    topP: 5,
    topK: 6,
    responseMimeType: 7,
    responseSchema: 8,
    thinking: 16,
  },
  /** The thinking block of a config, §4.1. */
  thinking: { budget: 1, level: 3 },
  /** One tool, §4.4. */
  tool: { codeExecution: 0, functions: 1, googleSearch: 3, urlContext: 7 },
  /** A part, of requests and answers, §4.2. */
  part: {
    text: 1,
    media: 2,
    driveFile: 5,
    externalFile: 6,
    code: 7,
    codeResult: 8,
    call: 10,
    thought: 12,
    signature: 14,
    transcript: 22,
    /** Other fields that a part may consist of; they hold nothing for the reader. */
    silent: [4, 5, 6, 11, 15, 16, 17, 25, 26],
  },
  /** A frame of an answer, §5.2. */
  frame: { candidates: 0, promptFeedback: 1, usage: 2, metadata: 3, responseId: 7 },
  /** Why a prompt was refused, §5.2. */
  promptFeedback: { reason: 0, message: 2 },
  /** A candidate, §5.2. */
  candidate: { content: 0, finish: 1, finishMessage: 3, citations: 6, grounding: 7 },
  /** Token counts of GenerateContent, §5.4. */
  usage: { prompt: 0, output: 1, total: 2, tool: 7, thoughts: 9 },
  /** One citation, §5.7. */
  citation: { uri: 2, label: 3 },
  /** §5.7 */
  grounding: { chunks: 1, supports: 2, queries: [4, 5] },
  /** CreateInteraction and CreateInteractionStream, §5.11. */
  interactionRequest: { background: 2, interaction: 3, attestation: 4 },
  /** GetInteractionStream, §5.11. */
  interactionLookup: { id: 0, attestation: 4 },
  /** An interaction, §5.11. */
  interaction: {
    id: 0,
    status: 1,
    system: 6,
    tools: 7,
    usage: 12,
    responseMimeType: 15,
    model: 17,
    agent: 18,
    input: 26,
    errors: 27,
  },
  /** One tool of an interaction, §5.11. */
  interactionTool: { function: 0, codeExecution: 1, urlContext: 2, googleSearch: 5 },
  /** One event of a stream of an interaction, §5.12. */
  interactionEvent: {
    created: [0, 18],
    completed: [1, 19],
    status: 2,
    contentStart: 3,
    contentDelta: 4,
    contentStop: 5,
    error: 7,
    stepStart: 9,
    stepDelta: 10,
    stepStop: 11,
  },
  /** What a step is, §5.12. */
  step: { user: 0, output: 1, thought: 2, call: 3, result: 4 },
  /** What a delta adds, §5.12. `media` are image, audio, document and video. */
  delta: {
    text: 0,
    media: [1, 2, 3, 4],
    thoughtSummary: 5,
    signature: 6,
    citations: 9,
    arguments: 10,
    /** A tool call, its result and a function's result. */
    call: 11,
    silent: [12, 13],
  },
  /** Token counts of an interaction, §5.12. Only `output` is certain. */
  interactionUsage: { prompt: 0, output: 4 },
  /** A status' own detail of AI Studio, `GeminiApiErrorDetails`: one of these is set, §5.10. */
  errorDetail: {
    tokens: 2,
    images: 3,
    fileSize: [4, 13],
    model: 6,
    file: 11,
    mimeType: 12,
    modalities: 14,
    location: 23,
    fileAccess: 26,
    deprecated: 27,
    quota: 28,
  },
  /** Another, `AiStudioErrorDetails`, §5.10. */
  studioErrorDetail: { driveFull: 0, driveNotGranted: 1, requestTooLarge: 7 },
  /** A model record, §9. */
  model: {
    id: 0,
    displayName: 3,
    description: 4,
    inputTokenLimit: 5,
    outputTokenLimit: 6,
    methods: 7,
    temperature: 8,
    topP: 9,
    topK: 10,
    aliases: 56,
    isDefault: 61,
    capabilities: 64,
    thinking: 71,
    paid: 77,
    transport: 78,
    onByDefault: 81,
  },
  /** The thinking block of a model record, §9. */
  modelThinking: { max: 1, min: 2, canBeOff: 3, offByDefault: 4, defaultLevel: 5, levels: 6 },
  /** How the page asks a model, §9. */
  modelTransport: { background: 2, type: 3 },
  /** GenerateAccessToken and GetLoggingContext answer with a secret, §3. */
  accessToken: { token: 0 },
  loggingContext: { text: 0 },
} as const;

type Widened<T> = T extends number
  ? number
  : T extends readonly number[]
    ? readonly number[]
    : { readonly [K in keyof T]: Widened<T[K]> };

/** A table of positions like {@link wirePositions}. */
export type WirePositions = Widened<typeof wirePositions>;

/** Tables to go by in place of the built-in ones. */
export interface WireTables {
  readonly names?: RpcNames | undefined;
  readonly positions?: WirePositions | undefined;
}
