import { type StudioError } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { parseBody } from '../shared/parse-body.ts';
import { CompletionRequest, toChat } from './request.ts';

describe('M-06: any body at all', () => {
  it('M-06: becomes a chat with the whole prompt, or is refused with a 400, never a crash', () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          model: fc.constant('m'),
          prompt: fc.oneof(fc.string(), fc.jsonValue()),
          suffix: fc.oneof(fc.string(), fc.jsonValue()),
          echo: fc.jsonValue(),
          best_of: fc.jsonValue(),
          messages: fc.jsonValue(),
          tools: fc.jsonValue(),
        },
        { requiredKeys: ['model'] },
      ),
    );
    fc.assert(
      fc.property(body, (value) => {
        expect(outcomeOf(value)).toMatch(/^(whole|invalid_value|unsupported_parameter)$/);
      }),
    );
  });

  const outcomeOf = (body: unknown): string => {
    try {
      const given = parseBody(CompletionRequest, body);
      const [part] = toChat(given).messages.at(-1)?.content ?? [];
      return part?.type === 'text' && part.text.includes(given.prompt) ? 'whole' : 'lost';
    } catch (error) {
      return (error as StudioError).code;
    }
  };
});
