import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../packages/launcher/src/setup/setup.ts';
import { configurationPage } from './configuration-page.ts';

writeFileSync(join(root, 'docs/reference/configuration.md'), configurationPage());
