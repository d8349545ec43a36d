import { type ScriptStore } from '../answer/scripts.ts';
import { type LogEntry, type RequestLog } from '../control/request-log.ts';
import { type Switches } from '../control/switches.ts';
import { type DriftReport } from '../drift/report.ts';
import { CORS_HEADERS } from '../http/cors.ts';
import { type Exchange, reply } from '../http/exchange.ts';
import { type Drive } from './drive.ts';
import { type InteractionStore } from './interaction-store.ts';

/** What all RPCs share: the state of the simulator. */
export interface SimState {
  readonly switches: Switches;
  readonly scripts: ScriptStore;
  readonly log: RequestLog;
  readonly drive: Drive;
  readonly drift: DriftReport;
  readonly interactions: InteractionStore;
  /** What the service keeps with the account. */
  readonly account: { enterKeyBehavior: number };
}

/** One call of one method. */
export interface RpcCall {
  readonly exchange: Exchange;
  /** The request array. */
  readonly request: unknown;
  readonly entry: LogEntry;
  readonly sim: SimState;
}

/** Serves one method; throws RpcError to fail. */
export type RpcMethod = (call: RpcCall) => Promise<void>;

/** Headers of every successful reply (wire-format.md §2). */
export const RPC_HEADERS = {
  ...CORS_HEADERS,
  'content-type': 'application/json+protobuf; charset=UTF-8',
  'cache-control': 'private',
  'server-timing': 'gfet4t7; dur=12',
  server: 'ESF',
} as const;

/** Answers with a whole array. */
export function replyArray({ exchange }: RpcCall, array: unknown): void {
  reply(exchange, 200, JSON.stringify(array), RPC_HEADERS);
}
