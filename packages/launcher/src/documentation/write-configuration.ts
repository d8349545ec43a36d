import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../setup/setup.ts';
import { configurationPage } from './configuration-page.ts';

writeFileSync(join(root, 'docs/configuration.md'), configurationPage());
