import * as sdk from 'openai-newest';
import { zodFunction, zodResponseFormat } from 'openai-newest/helpers/zod';

import { createOpenAiScenarios, type OpenAiSdk } from './openai-scenarios.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one line's classes are never the other's: private fields
const newest = { ...sdk, zodFunction, zodResponseFormat } as unknown as OpenAiSdk;

/** The newest line of the package: the same programs. */
export const scenarios = createOpenAiScenarios(newest);
