import { type IncomingHttpHeaders } from 'node:http';

/** Programs in which people chat, as they name themselves. */
const NAMES =
  /open ?-?web ?ui|librechat|chatbox|lobe|sillytavern|anything ?-?llm|big-agi|cherry ?studio|typingmind|msty/i;

/** Whether a request is of a chat program, as far as its headers tell. */
export const isOfChatProgram = (headers: IncomingHttpHeaders): boolean =>
  Object.keys(headers).some((name) => name.startsWith('x-openwebui-')) ||
  ['x-title', 'user-agent', 'http-referer', 'referer'].some((name) =>
    NAMES.test(String(headers[name] ?? '')),
  );
