import { stringAt } from '../wire/message.ts';
import { type DecodedRequest, type NamedStruct } from '../wire/request-array.ts';
import { RPC_ERRORS } from '../wire/rpc-error.ts';
import { MODELS } from './models.ts';

/** Capability code of models that think, and so sign their calls (wire-format.md §9). */
const THINKING = 25;

/** Refuses a GenerateContent request that the service would not understand (wire-format.md §12). */
export function checkRequest(
  request: unknown,
  decoded: DecodedRequest,
  requireSignatures: boolean,
): void {
  checkShape(request);
  const model = MODELS.find(({ id, aliases = [] }) =>
    [id, ...aliases.map(([alias]) => alias)].includes(decoded.model),
  );
  if (!model) throw RPC_ERRORS.notFound(`models/${decoded.model} is not found.`);
  checkFiles(decoded);
  checkCalls(decoded, requireSignatures && model.capabilities.includes(THINKING));
}

function checkShape(request: unknown): void {
  const length = Array.isArray(request) ? request.length : 0;
  if (length < 5 || length > 16)
    throw RPC_ERRORS.invalid(`The request has ${length} elements instead of 5 to 16.`);
  if (!stringAt(request, 4)) throw RPC_ERRORS.invalid('The attestation is missing.');
}

/** Every attached file must have been uploaded to this simulator. */
function checkFiles({ contents }: DecodedRequest): void {
  for (const { driveFile } of contents.flatMap(({ parts }) => parts))
    if (driveFile && driveFile.sha256 === undefined)
      throw RPC_ERRORS.notFound(`File ${driveFile.id} is not found.`);
}

/** Every response must answer a call before it, by id or by name; calls may have to be signed. */
function checkCalls({ contents }: DecodedRequest, mustBeSigned: boolean): void {
  const calls: NamedStruct[] = [];
  for (const { parts } of contents) {
    const called = parts.filter(({ functionCall }) => functionCall);
    if (mustBeSigned && called.length > 0 && called[0]?.signature === undefined)
      throw RPC_ERRORS.invalid('A function call is missing a thought signature.');
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
