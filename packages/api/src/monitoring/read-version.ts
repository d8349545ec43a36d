import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

/** The version that this package's manifest says. */
export function readVersion(): string {
  const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}
