import { z } from 'zod';

/** What a client program is told: where to ask, and the user's words. */
export const Setting = z.object({
  /** `http://127.0.0.1:<port>/v1` */
  baseUrl: z.string(),
  apiKey: z.string(),
  model: z.string(),
  prompt: z.string(),
});
export type Setting = z.infer<typeof Setting>;

/** A small program as a user of the package writes it; gives what the test looks at, as JSON. */
export type Scenario = (setting: Setting) => Promise<unknown>;

/** A package's programs by name. */
export type Scenarios = Readonly<Record<string, Scenario>>;

/** What the programs' tool `get_weather` takes. */
export const City = z.object({
  city: z.string().describe('where'),
  day: z.enum(['today', 'tomorrow']),
});
export type City = z.infer<typeof City>;

/** What the programs' tool answers. */
export const weatherIn = ({ city, day }: City): string => `${city} ${day}: 21 °C`;

/** What programs ask for as structured output. */
export const Forecast = z.object({
  city: z.string(),
  celsius: z.number(),
  hours: z.array(z.object({ hour: z.int(), sky: z.enum(['clear', 'rain']) })),
});

/** Name, status, code and the like of what a program caught. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { thrown: error };
  const { statusCode, ...fields } = ErrorFields.parse(error);
  const { name, message } = error;
  return { kind: error.constructor.name, name, message, status: statusCode, ...fields };
}

/** What the packages put on their errors. */
const ErrorFields = z.object({
  status: z.unknown().optional(),
  statusCode: z.unknown().optional(),
  code: z.unknown().optional(),
  param: z.unknown().optional(),
  type: z.unknown().optional(),
  requestID: z.unknown().optional(),
});
