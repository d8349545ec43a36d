import { describe, expect, it } from '@jest/globals';

import { type Simulator } from '../support/simulator.ts';
import { AGENT_BODIES, QUESTION, titleRequest } from './agent-bodies.ts';
import { type Setting } from './scenario.ts';

const ANSWER = 'Renamed.';

/** Sends a body with the headers that agents send (W-06); gives status and text of the answer. */
async function post(
  { baseUrl, apiKey, model }: Setting,
  body: object,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      originator: 'an_agent',
      session_id: crypto.randomUUID(),
      'x-session-affinity': 'a',
      'x-initiator': 'agent',
      'x-interaction-type': 'conversation',
    },
    body: JSON.stringify({ model, ...body }),
  });
  return { status: response.status, text: textOf(await response.text()) };
}

/** The answer's text, streamed or not. */
function textOf(reply: string): string {
  if (reply.startsWith('{')) return messageText(JSON.parse(reply), 'message');
  const data = reply.split('\n\n').flatMap((event) => /^data: (\{.*)$/.exec(event)?.[1] ?? []);
  return data.map((json) => messageText(JSON.parse(json), 'delta')).join('');
}

const messageText = (
  { choices }: { choices: readonly Record<string, { content?: string | null }>[] },
  key: string,
): string => choices[0]?.[key]?.content ?? '';

/** What agents send must be answered, and reach the page whole: its page is this simulator's. */
export function describeAgentBodies(setting: () => Setting, simulator: () => Simulator): void {
  const prepare = (): Promise<void> => simulator().script(QUESTION, { text: ANSWER, chunks: 2 });

  describe('requests of agents', () => {
    it.each(AGENT_BODIES)('answers $title', async ({ body, inOrder }) => {
      const size = JSON.stringify(body).length;
      expect(size).toBeGreaterThan(44_000);
      expect(size).toBeLessThan(80_000);
      await prepare();
      expect(await post(setting(), body)).toEqual({ status: 200, text: ANSWER });

      const requests = await simulator().generateContent();
      expect(requests).toHaveLength(1);
      const [, contents, , , , , tools] = requests[0] ?? [];
      const asked = JSON.stringify(contents);
      const places = inOrder.map((text) => asked.indexOf(JSON.stringify(text).slice(1, -1)));
      expect(places).toEqual(places.toSorted((one, other) => one - other));
      expect(places[0]).toBeGreaterThan(-1);
      // per tool its functions, each with its name first (wire-format.md §4.4)
      expect(tools).toEqual([[null, body.tools.map(({ name }) => expect.arrayContaining([name]))]]);
    });

    it('answers titles that are asked for at the same time with their own text (W-02)', async () => {
      await prepare();
      const bodies = [...AGENT_BODIES.map(({ body }) => body), titleRequest(1), titleRequest(2)];
      const answers = await Promise.all(bodies.map((body) => post(setting(), body)));
      const texts = answers.map(({ text }) => text);
      expect(texts).toEqual([...AGENT_BODIES.map(() => ANSWER), 'title 1', 'title 2']);
    });
  });
}
