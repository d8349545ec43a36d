import {
  type Body,
  type Placeholders,
  type RecordedCall,
  redactBody,
  redactPath,
} from '@aistudio/recorder';
import { parseArray } from '@aistudio/wire';

import { type RawCall } from './watch-calls.ts';

/** Hosts of Google's, which are nobody's own. */
const PUBLIC_HOST = /^[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40})*\.(?:google|googleapis|gstatic)\.com$/;
/** A text that is no JSON is kept up to this length. Characters. */
const LONGEST_TEXT = 4000;

/** A call without headers, and with bodies that hold nothing personal. `startedAt`: epoch ms. */
export function redactCall(
  call: RawCall,
  tab: RecordedCall['tab'],
  startedAt: number,
  placeholders: Placeholders,
): RecordedCall {
  const { url, at, headAt, endAt, status, contentType } = call;
  const path = redactRpcPath(url.pathname, placeholders);
  const method = path.slice(path.lastIndexOf('/') + 1);
  const toBody = (side: 'request' | 'response', bytes: Buffer | undefined): Body => {
    if (bytes === undefined || bytes.length === 0) {
      return { missing: (side === 'response' ? call.failure : undefined) ?? 'nothing to see' };
    }
    const json = parse(bytes);
    if (json !== undefined) return { json: redactBody(method, side, json, placeholders) };
    const text = bytes.toString();
    if (/^\s*</.test(text)) return { missing: 'a web page' };
    return { text: placeholders.text(text.slice(0, LONGEST_TEXT)) };
  };
  return {
    method,
    host: PUBLIC_HOST.test(url.hostname) ? url.hostname : placeholders.text(url.hostname),
    path,
    tab,
    atMs: at - startedAt,
    headMs: headAt === undefined ? null : headAt - at,
    endMs: endAt === undefined ? null : endAt - at,
    status: status ?? null,
    contentType: contentType === undefined ? null : toContentType(contentType),
    request: toBody('request', call.request),
    response: toBody('response', call.response),
  };
}

/** The service's name has dots; everything else is a path like any other. */
function redactRpcPath(path: string, placeholders: Placeholders): string {
  return path
    .split('/')
    .map((part) =>
      part === '$rpc' || /^google(?:\.[a-z][a-z0-9]{0,20}){1,8}\.[A-Z][A-Za-z]{2,40}$/.test(part)
        ? part
        : redactPath(part, placeholders),
    )
    .join('/');
}

function parse(bytes: Buffer): unknown {
  const array = parseArray(bytes);
  if (array) return array;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** Only what it is, without parameters. */
function toContentType(value: string): string | null {
  return /^[a-z]{1,20}\/[a-z+-]{1,30}/.exec(value)?.[0] ?? null;
}
