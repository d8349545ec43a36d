import { z } from 'zod';

import { Recording } from './recording.ts';

/** What became of a recording, as the driver hands it over through Redis. */
export const RecordingResult = z.union([
  z.object({ recording: Recording }),
  /** It held what must not leave the driver, and was thrown away. */
  z.object({ refused: z.array(z.object({ kind: z.string(), where: z.string() })) }),
  z.object({ failed: z.string() }),
]);
export type RecordingResult = z.infer<typeof RecordingResult>;
