import { THINKING_LEVELS } from './codes.ts';
import { at, listAt, numberAt, stringAt } from './message.ts';
import { decodeSchema, type Schema } from './schema.ts';
import { decodeStruct, type JsonObject } from './struct.ts';

/** One part of the contents, by what it holds (wire-format.md §4.2). */
export interface RequestPart {
  readonly text?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
  /** A file the page uploaded, with what is known of it. */
  readonly driveFile?: { readonly id: string } & Partial<DriveFile>;
  readonly file?: { readonly mimeType: string; readonly uri: string };
  readonly functionCall?: NamedStruct;
  readonly functionResponse?: NamedStruct;
  readonly signature?: string;
}

/** A function call or its response. */
export interface NamedStruct {
  readonly name: string;
  readonly value: JsonObject;
  readonly id?: string;
}

/** A GenerateContent request in words (wire-format.md §4): what the page's controls made of it. */
export interface DecodedRequest {
  /** Without `models/`. */
  readonly model: string;
  readonly contents: readonly { readonly role: string; readonly parts: readonly RequestPart[] }[];
  /** All text parts, in order, joined by line feeds. */
  readonly text: string;
  readonly systemInstruction: string | null;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly topK: number | null;
  readonly maxOutputTokens: number | null;
  readonly stopSequences: readonly string[];
  readonly responseMimeType: string | null;
  readonly responseSchema: Schema | null;
  readonly responseModalities: readonly number[];
  readonly mediaResolution: number | null;
  readonly thinking: {
    readonly includeThoughts: boolean;
    /** Tokens; null: the model decides. */
    readonly budget: number | null;
    readonly level: 'minimal' | 'low' | 'medium' | 'high' | null;
  } | null;
  /** `[category, threshold]` pairs. */
  readonly safetySettings: readonly (readonly [number, number])[];
  readonly tools: {
    readonly functions: readonly FunctionDeclaration[];
    readonly googleSearch: boolean;
    readonly codeExecution: boolean;
    readonly urlContext: boolean;
    readonly googleMaps: boolean;
  };
  readonly timeZone: string | null;
  /** Whether functions and built-in tools were declared to work together. */
  readonly toolsWithFunctions: boolean;
  readonly continuation: unknown;
}

/** A function that the model may call. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Schema;
}

/** Where uploaded files can be looked up. */
export interface FileLookup {
  get(id: string): DriveFile | undefined;
}

/** What is known of an uploaded file. */
export interface DriveFile {
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

const NO_FILES: FileLookup = { get: () => undefined };

/** Reads a request array in words. Lax: what is not there is null or empty. */
export function decodeRequest(request: unknown, drive: FileLookup = NO_FILES): DecodedRequest {
  const contents = listAt(request, 1).map((content) => ({
    role: stringAt(content, 1) ?? '',
    parts: listAt(content, 0).map((part) => decodePart(part, drive)),
  }));
  const config = at(request, 3);
  const schema = at(config, 8);
  return {
    model: (stringAt(request, 0) ?? '').replace(/^models\//, ''),
    contents,
    text: contents.flatMap(({ parts }) => parts.flatMap(({ text }) => text ?? [])).join('\n'),
    systemInstruction: decodeSystem(at(request, 5)),
    temperature: numberAt(config, 4) ?? null,
    topP: numberAt(config, 5) ?? null,
    topK: numberAt(config, 6) ?? null,
    maxOutputTokens: numberAt(config, 3) ?? null,
    stopSequences: listAt(config, 1).map(String),
    responseMimeType: stringAt(config, 7) ?? null,
    responseSchema: schema === undefined ? null : decodeSchema(schema),
    responseModalities: listAt(config, 14).map(Number),
    mediaResolution: numberAt(config, 17) ?? null,
    thinking: decodeThinking(at(config, 16)),
    safetySettings: listAt(request, 2).map((setting) => [
      numberAt(setting, 2) ?? 0,
      numberAt(setting, 3) ?? 0,
    ]),
    tools: decodeTools(listAt(request, 6)),
    timeZone: stringAt(request, 13, 0, 2) ?? null,
    toolsWithFunctions: at(request, 13, 2) === true,
    continuation: at(request, 11) ?? null,
  };
}

/** The text of a system instruction, or null. */
export function decodeSystem(system: unknown): string | null {
  const texts = listAt(system, 0).flatMap((part) => stringAt(part, 1) ?? []);
  return texts.length === 0 ? null : texts.join('\n');
}

function decodePart(part: unknown, drive: FileLookup): RequestPart {
  const text = stringAt(part, 1);
  const inline = stringAt(part, 2, 1);
  const driveFileId = stringAt(part, 5, 0);
  const uri = stringAt(part, 6, 1);
  const call = decodeNamed(at(part, 10));
  const response = decodeNamed(at(part, 11));
  const signature = stringAt(part, 14);
  return {
    ...(text === undefined ? {} : { text }),
    ...(inline === undefined
      ? {}
      : { inlineData: { mimeType: stringAt(part, 2, 0) ?? '', data: inline } }),
    ...(driveFileId === undefined
      ? {}
      : { driveFile: { id: driveFileId, ...drive.get(driveFileId) } }),
    ...(uri === undefined ? {} : { file: { mimeType: stringAt(part, 6, 0) ?? '', uri } }),
    ...(call ? { functionCall: call } : {}),
    ...(response ? { functionResponse: response } : {}),
    ...(signature === undefined ? {} : { signature }),
  };
}

function decodeNamed(array: unknown): NamedStruct | undefined {
  const name = stringAt(array, 0);
  const id = stringAt(array, 2);
  if (name === undefined) return undefined;
  return { name, value: decodeStruct(at(array, 1)), ...(id === undefined ? {} : { id }) };
}

function decodeThinking(thinking: unknown): DecodedRequest['thinking'] {
  if (thinking === undefined) return null;
  const level = numberAt(thinking, 3);
  return {
    includeThoughts: Boolean(at(thinking, 0)),
    budget: numberAt(thinking, 1) ?? null,
    level: Object.entries(THINKING_LEVELS).find(([code]) => Number(code) === level)?.[1] ?? null,
  };
}

function decodeTools(tools: readonly unknown[]): DecodedRequest['tools'] {
  const has = (position: number): boolean => tools.some((tool) => at(tool, position) !== undefined);
  return {
    functions: tools.flatMap((tool) => listAt(tool, 1)).map(decodeFunction),
    googleSearch: has(3),
    codeExecution: has(0),
    urlContext: has(7),
    googleMaps: has(10),
  };
}

function decodeFunction(declaration: unknown): FunctionDeclaration {
  const description = stringAt(declaration, 1);
  const parameters = at(declaration, 2);
  return {
    name: stringAt(declaration, 0) ?? '',
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters: decodeSchema(parameters) }),
  };
}
