import { at, message, stringAt } from '../wire/message.ts';
import { decodeStruct, encodeStruct, type JsonObject } from '../wire/struct.ts';
import { type App } from './app.ts';
import { h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';

/** A function call in a turn, with the field for its response (page.md §5.3). */
export interface FunctionCallChunk {
  readonly element: HTMLElement;
  /** The response in wire form, once it was given. */
  readonly response: readonly unknown[] | undefined;
}

let made = 0;

/** Makes the chunk for a call part; `onRespond` is told when a response was sent. */
export function createFunctionCallChunk(
  { live }: Pick<App, 'live'>,
  part: readonly unknown[],
  onRespond: () => void,
): FunctionCallChunk {
  const call = at(part, 10);
  const name = stringAt(call, 0) ?? '';
  const key = `function-call-${made}`;
  made += 1;
  let response: readonly unknown[] | undefined;
  const field = h(
    'input[aria-label="Enter a function response"][placeholder="Enter function response"]',
    { id: `${key}-response` },
  );
  const send = h('button[type="submit"][aria-disabled="true"]', {}, 'Send');
  let isReady = false;
  const setReady = (isNow: boolean): void => {
    isReady = isNow;
    setAttribute(send, 'aria-disabled', String(!isNow));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isReady || response) return;
    const id = stringAt(call, 2);
    const struct = encodeStruct(toResponse(field.value));
    response = message({ 11: [name, struct, ...(id === undefined ? [] : [id])] });
    field.disabled = true;
    setReady(false);
    onRespond();
  };
  const form = h(
    'form.function-response',
    { onSubmit: submit },
    h('label', { for: field.id }, 'Enter a function response'),
    field,
    send,
  );
  field.addEventListener('input', () => {
    const text = field.value;
    setReady(false);
    if (text === '') return;
    window.setTimeout(() => {
      if (field.value === text && !response) setReady(true);
    }, live.timing.send);
  });
  return {
    element: h(
      'ms-prompt-chunk',
      {},
      h('ms-function-call-chunk', {}, callBlock(key, name, call), form),
    ),
    get response() {
      return response;
    },
  };
}

function callBlock(key: string, name: string, call: unknown): HTMLElement {
  const args = JSON.stringify(decodeStruct(at(call, 1)), null, 2);
  return h(
    'ms-code-block[icon="function"]',
    {},
    h(
      'mat-expansion-panel.mat-expansion-panel.mat-expanded',
      {},
      h(
        'mat-expansion-panel-header.mat-expansion-panel-header[role="button"][aria-expanded="true"]',
        { id: `${key}-header` },
        h('mat-panel-title', {}, icon('function'), h('span.title-text.name', {}, name)),
        h('button[aria-label="Download"]', {}, icon('download')),
        h('button', {}, icon('content_copy')),
        h('button', {}, icon('expand_less')),
      ),
      h(
        'div.mat-expansion-panel-content[role="region"]',
        { 'aria-labelledby': `${key}-header` },
        h('div.mat-expansion-panel-body', {}, h('pre', {}, h('code', {}, args))),
      ),
    ),
  );
}

/** A JSON object is taken as it is; any other value, and text that is no JSON, becomes the response. */
export function toResponse(text: string): JsonObject {
  try {
    const value: JsonObject | JsonObject[string] = JSON.parse(text);
    return isObject(value) ? value : { response: value };
  } catch {
    return { response: text };
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
