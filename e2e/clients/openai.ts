import * as sdk from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';

import { createOpenAiScenarios } from './openai-scenarios.ts';

/** The line of the package that supports Node 20. */
export const scenarios = createOpenAiScenarios({ ...sdk, zodFunction, zodResponseFormat });
