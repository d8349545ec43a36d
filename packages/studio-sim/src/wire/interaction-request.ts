import { at, listAt, stringAt } from './message.ts';
import { type DecodedRequest, decodeRequest, type RequestPart } from './request-array.ts';
import { decodeSchema } from './schema.ts';

/** A CreateInteraction or CreateInteractionStream request in words (wire-format.md §3). */
export interface DecodedInteraction {
  readonly request: DecodedRequest;
  /** What goes on in the background is read by GetInteractionStream. */
  readonly isBackground: boolean;
  /** The interaction that this one continues. */
  readonly previousId: string | undefined;
  /** The texts that the attestation covers. */
  readonly attested: string;
}

/**
 * Reads the request. `before` are the contents of the interactions that it continues: later turns
 * send only their own input.
 */
export function decodeInteraction(
  array: unknown,
  before: (previousId: string) => DecodedRequest['contents'] | undefined = () => undefined,
): DecodedInteraction {
  const interaction = at(array, 3);
  const previousId = stringAt(interaction, 16);
  const contents = [
    ...((previousId === undefined ? undefined : before(previousId)) ?? []),
    ...listAt(interaction, 26).flatMap(decodeStep),
  ];
  const own = listAt(interaction, 26).flatMap(decodeStep);
  const { ['tools']: none, ...plain } = decodeRequest([stringAt(interaction, 17, 0)]);
  const tools = listAt(interaction, 7);
  const has = (position: number): boolean => tools.some((tool) => at(tool, position) !== undefined);
  return {
    isBackground: Boolean(at(array, 2)),
    previousId,
    attested: textOf(own, ' '),
    request: {
      ...plain,
      contents,
      text: textOf(contents, '\n'),
      systemInstruction: stringAt(interaction, 6) ?? null,
      responseMimeType: stringAt(interaction, 15) ?? null,
      tools: {
        ...none,
        functions: tools.flatMap((tool) => {
          const name = stringAt(tool, 0, 0);
          const description = stringAt(tool, 0, 1);
          const schema = at(tool, 0, 2);
          if (name === undefined) return [];
          return {
            name,
            ...(description === undefined ? {} : { description }),
            ...(schema === undefined ? {} : { parameters: decodeSchema(schema) }),
          };
        }),
        codeExecution: has(1),
        urlContext: has(2),
        googleSearch: has(5),
      },
    },
  };
}

/** User input and earlier output; thoughts are no content of their own. */
function decodeStep(step: unknown): DecodedRequest['contents'] {
  for (const [position, role] of [
    [0, 'user'],
    [1, 'model'],
  ] as const) {
    const parts = listAt(step, position, 0).flatMap((content): RequestPart[] => {
      const text = stringAt(content, 0, 0);
      return text === undefined ? [] : [{ text }];
    });
    if (parts.length > 0) return [{ role, parts }];
  }
  return [];
}

function textOf(contents: DecodedRequest['contents'], separator: string): string {
  return contents.flatMap(({ parts }) => parts.map(({ text }) => text ?? '')).join(separator);
}
