import { type ModelSpec } from '../wire/encode-model.ts';
import { at, listAt, numberAt, stringAt } from '../wire/message.ts';
import { type DecodedRequest, type NamedStruct } from '../wire/request-array.ts';
import { RPC_ERRORS } from '../wire/rpc-error.ts';
import { checkSchemas } from './check-schemas.ts';
import { MODELS } from './models.ts';

/** Capability codes that decide what a request may hold (wire-format.md §9). */
const CAPABILITY = { system: 8, thinking: 25, budget: 35, level: 52 } as const;

/** Lengths that what is set can lead to: the attestation always is, a second instruction may be. */
const SHORTEST = 5;
const LONGEST = 16;
/** Positions of the tools in a tool message, in the order in which the page names them. */
const TOOL_ORDER = [0, 1, 3, 7, 10];
const AUTOMATIC_BUDGET = -1;

/**
 * Refuses a GenerateContent request that the service would not understand, by what its elements mean
 * and not by how many there are (wire-format.md §12).
 */
export function checkRequest(
  request: unknown,
  decoded: DecodedRequest,
  requireSignatures: boolean,
): void {
  checkShape(request);
  const model = findModel(decoded.model);
  if (!model) throw RPC_ERRORS.notFound(`models/${decoded.model} is not found.`);
  if (model.transport) throw RPC_ERRORS.invalid('This model is not asked by GenerateContent.');
  checkSystem(decoded, model);
  checkTools(request, decoded);
  checkSchemas(
    decoded,
    listAt(request, 6).findIndex((tool) => at(tool, 1) !== undefined),
  );
  checkThinking(decoded, model);
  checkFiles(decoded);
  checkCalls(decoded, requireSignatures && model.capabilities.includes(CAPABILITY.thinking));
}

/** The record with this id or former id, without `models/`. */
export function findModel(id: string): ModelSpec | undefined {
  return MODELS.find((model) =>
    [model.id, ...(model.aliases ?? []).map(([alias]) => alias)].includes(id),
  );
}

function checkShape(request: unknown): void {
  const { length } = listAt(request);
  if (length < SHORTEST || length > LONGEST)
    throw RPC_ERRORS.invalid(`The request has ${length} elements.`);
  if (!stringAt(request, 0)?.startsWith('models/'))
    throw RPC_ERRORS.invalid('The model is missing.');
  if (listAt(request, 1).length === 0) throw RPC_ERRORS.invalid('The contents are missing.');
  for (const content of listAt(request, 1))
    if (listAt(content, 0).length === 0 || !/^(?:user|model)$/.test(stringAt(content, 1) ?? ''))
      throw RPC_ERRORS.invalid('A content has no parts or no role.');
  if (!Array.isArray(at(request, 3))) throw RPC_ERRORS.invalid('The config is missing.');
  if (!stringAt(request, 4)) throw RPC_ERRORS.invalid('The attestation is missing.');
  if (![undefined, 1, true].some((value) => value === at(request, 10)))
    throw RPC_ERRORS.invalid('Element 10 is not 1.');
  for (const position of [11, 14])
    if (at(request, position) !== undefined && !stringAt(request, position))
      throw RPC_ERRORS.invalid(`Element ${position} is not a string.`);
}

function checkSystem({ systemInstruction }: DecodedRequest, { capabilities }: ModelSpec): void {
  if (systemInstruction !== null && !capabilities.includes(CAPABILITY.system))
    throw RPC_ERRORS.invalid('System instructions are not supported for this model.');
}

/** Each tool is a message of its own, in the page's order; the tool config says what it must. */
function checkTools(
  request: unknown,
  { tools, timeZone, toolsWithFunctions }: DecodedRequest,
): void {
  const positions = listAt(request, 6).map((tool) =>
    TOOL_ORDER.filter((position) => at(tool, position) !== undefined),
  );
  if (positions.some((each) => each.length !== 1))
    throw RPC_ERRORS.invalid('A tool message holds more than one tool, or none that is known.');
  const order = positions.map(([position]) => TOOL_ORDER.indexOf(position ?? 0));
  if (order.some((each, index) => index > 0 && each <= (order[index - 1] ?? 0)))
    throw RPC_ERRORS.invalid('The tools are not in their order.');
  if (tools.googleSearch !== (timeZone !== null))
    throw RPC_ERRORS.invalid('The time zone goes with Google Search.');
  const isMixed =
    (tools.functions.length > 0 || tools.googleMaps) &&
    (tools.codeExecution || tools.googleSearch || tools.urlContext);
  if (isMixed !== toolsWithFunctions)
    throw RPC_ERRORS.invalid('Functions or Maps beside other tools have to be said.');
}

/** −1 is an automatic budget; a budget of 0 comes without thoughts (wire-format.md §4.1). */
function checkThinking(
  { thinking }: DecodedRequest,
  { capabilities, thinking: limits }: ModelSpec,
): void {
  if (thinking === null) return;
  const { budget, level, includeThoughts } = thinking;
  if (!capabilities.includes(CAPABILITY.thinking))
    throw RPC_ERRORS.invalid('Thinking is not supported for this model.');
  if (level !== null && !capabilities.includes(CAPABILITY.level))
    throw RPC_ERRORS.invalid('Thinking level is not supported for this model.');
  if (budget === null || budget === AUTOMATIC_BUDGET) return;
  if (!capabilities.includes(CAPABILITY.budget))
    throw RPC_ERRORS.invalid('Thinking budget is not supported for this model.');
  if (budget === 0 && at(limits, 3) === 1) {
    if (includeThoughts) throw RPC_ERRORS.invalid('A budget of 0 includes no thoughts.');
    return;
  }
  const [most, least] = [numberAt(limits, 1) ?? 0, numberAt(limits, 2) ?? 0];
  if (budget < least || budget > most)
    throw RPC_ERRORS.invalid(`The thinking budget ${budget} is out of range.`);
}

/** Every attached file must have been uploaded to this simulator. */
function checkFiles({ contents }: DecodedRequest): void {
  for (const { driveFile } of contents.flatMap(({ parts }) => parts))
    if (driveFile && driveFile.sha256 === undefined)
      throw RPC_ERRORS.notFound(`File ${driveFile.id} is not found.`);
}

/**
 * Every response must answer a call before it, by id or by name, in a user content of its own
 * (wire-format.md §4.6); calls may have to be signed.
 */
function checkCalls({ contents }: DecodedRequest, mustBeSigned: boolean): void {
  const calls: NamedStruct[] = [];
  for (const { parts, role } of contents) {
    const called = parts.filter(({ functionCall }) => functionCall);
    if (mustBeSigned && called.length > 0 && called[0]?.signature === undefined)
      throw RPC_ERRORS.invalid('A function call is missing a thought signature.');
    const responses = parts.filter(({ functionResponse }) => functionResponse);
    if (responses.length > 0 && (role !== 'user' || parts.length > 1))
      throw RPC_ERRORS.invalid('A function response stands in a user content of its own.');
    for (const { functionCall, functionResponse } of parts) {
      if (functionCall) calls.push(functionCall);
      if (functionResponse && !calls.some((call) => isAnswered(call, functionResponse)))
        throw RPC_ERRORS.invalid(`No function call matches ${functionResponse.name}.`);
    }
  }
}

function isAnswered(call: NamedStruct, response: NamedStruct): boolean {
  return response.id === undefined ? call.name === response.name : call.id === response.id;
}
