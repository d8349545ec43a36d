import { at, message, stringAt } from '../wire/message.ts';
import { decodeStruct, encodeStruct, type JsonObject } from '../wire/struct.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';

/** A function call in a turn, with the field for its response (page.md §5.3). */
export interface FunctionCallChunk {
  readonly element: HTMLElement;
  /** The response in wire form, once it was given. */
  readonly response: readonly unknown[] | undefined;
}

/** Makes the chunk for a call part; `onRespond` is told when a response was sent. */
export function createFunctionCallChunk(
  part: readonly unknown[],
  onRespond: () => void,
): FunctionCallChunk {
  const call = at(part, 10);
  const name = stringAt(call, 0) ?? '';
  let response: readonly unknown[] | undefined;
  const field = h(
    'textarea[aria-label="Enter a function response"][placeholder="Enter function response"]',
    { rows: 1 },
  );
  const send = h(
    'button[type="submit"]',
    {
      disabled: true,
      onClick() {
        const id = stringAt(call, 2);
        const struct = encodeStruct(toResponse(field.value));
        response = message({ 11: [name, struct, ...(id === undefined ? [] : [id])] });
        field.disabled = true;
        send.disabled = true;
        onRespond();
      },
    },
    'Send',
  );
  field.addEventListener('input', () => {
    send.disabled = field.value === '';
  });
  const args = JSON.stringify(decodeStruct(at(call, 1)), null, 2);
  const element = h(
    'ms-prompt-chunk',
    {},
    h(
      'ms-function-call-chunk',
      {},
      h(
        'ms-code-block[icon="function"]',
        {},
        h(
          'mat-expansion-panel.mat-expanded',
          {},
          h(
            'mat-expansion-panel-header[aria-expanded="true"]',
            {},
            h('mat-panel-title', {}, icon('function'), h('span.name.title-text', {}, name)),
          ),
          h('div.mat-expansion-panel-body', {}, h('pre', {}, h('code', {}, args))),
        ),
      ),
      h('div.function-response', {}, field, send),
    ),
  );
  return {
    element,
    get response() {
      return response;
    },
  };
}

/** A JSON object is taken as it is; anything else becomes the result. */
function toResponse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // not JSON: plain text is a fine result
  }
  return { result: text };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
