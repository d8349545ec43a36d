import { type WirePositions, wirePositions } from './positions.ts';
import { type Rpc } from './rpc.ts';

/** A path of positions in a message. */
type Path = readonly number[];

/** Where the secrets of a method's messages stand. */
export interface SecretPaths {
  readonly request: readonly Path[];
  readonly response: readonly Path[];
}

/**
 * The places that hold a person's API key, a token of the session or an attestation (wire-format.md
 * §3, §4, §7). None of them may reach a log, a record, a snapshot, a fixture or a digest.
 */
export function secretPathsOf(rpc: Rpc, positions: WirePositions = wirePositions): SecretPaths {
  const { request, interactionRequest, interactionLookup, countTokens } = positions;
  const created = { request: [[interactionRequest.attestation]], response: [] };
  const paths: Readonly<Record<Rpc, SecretPaths>> = {
    GenerateContent: { request: [[request.apiKey], [request.attestation]], response: [] },
    CreateInteraction: created,
    CreateInteractionStream: created,
    GetInteractionStream: { request: [[interactionLookup.attestation]], response: [] },
    CountTokens: { request: [[countTokens.apiKey]], response: [] },
    GenerateAccessToken: { request: [], response: [[positions.accessToken.token]] },
    GetLoggingContext: { request: [], response: [[positions.loggingContext.text]] },
    ListModels: { request: [], response: [] },
  };
  return paths[rpc];
}

/** Headers that hold a secret, in lower case (wire-format.md §2.1). */
export const secretHeaders: readonly string[] = [
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-aistudio-user-api-key',
  'x-aistudio-visit-id',
  'x-goog-api-key',
  'x-goog-ext-519733851-bin',
];

/**
 * A copy of a message with `redacted` in the place of each secret that is set; everything else is
 * the same value. Whatever keeps a request's array, or reads one, does so through this.
 */
export function withoutSecrets(
  rpc: Rpc,
  side: keyof SecretPaths,
  message: unknown,
  options: { readonly positions?: WirePositions | undefined; readonly redacted?: unknown } = {},
): unknown {
  const { positions, redacted = null } = options;
  const paths = secretPathsOf(rpc, positions)[side];
  return paths.reduce((copy, path) => replaced(copy, path, redacted), message);
}

function replaced(message: unknown, [position, ...rest]: Path, value: unknown): unknown {
  if (position === undefined) return value;
  if (!Array.isArray(message)) return message;
  const items: readonly unknown[] = message;
  const current = items[position];
  if (current === undefined || current === null) return message;
  return items.with(position, replaced(current, rest, value));
}
