import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { findSecrets } from './find-secrets.ts';
import { readRecording } from './recording-file.ts';

const folder = resolve(import.meta.dirname, '../../../fixtures/recordings');
const files = readdirSync(folder).filter((name) => /\.json(?:\.gz)?$/.test(name));

describe('the recordings that are kept', () => {
  it.each(files)('%s can be read, and holds nothing personal', async (name) => {
    const recording = await readRecording(join(folder, name));
    expect(findSecrets(recording)).toEqual([]);
    expect(recording.steps.length).toBeGreaterThan(0);
  });
});
