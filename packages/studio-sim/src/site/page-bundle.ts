import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

const SCRIPT_FOLDER = '/_/mss/boq-makersuite/_/js/';

/** The page's script, and the path it is served at, which changes with what it says. */
export interface PageBundle {
  readonly path: string;
  readonly script: string;
}

/** Bundles the page's script: from the TypeScript sources or, once built, from dist. */
export function bundlePage(): PageBundle {
  const extension = extname(fileURLToPath(import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../page/main${extension}`, import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  const script = outputFiles.map(({ text }) => text).join('\n');
  const version = createHash('sha256').update(script).digest('base64url').slice(0, 12);
  return { path: `${SCRIPT_FOLDER}k=boq-makersuite.MakerSuite.de.${version}.js`, script };
}
