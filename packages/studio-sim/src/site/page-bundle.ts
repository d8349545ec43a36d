import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

/** The page's script as one module: from the TypeScript sources or, once built, from dist. */
export function bundlePage(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../page/main${extension}`, import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('\n');
}
