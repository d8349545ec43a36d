import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../packages/launcher/src/setup/setup.ts';
import { type CodeBlock, codeBlocks } from './markdown.ts';

/** A page of the documentation. `path` is relative to the project's root. */
export interface Page {
  readonly path: string;
  readonly markdown: string;
}

/** An example that a person is to run, and where it stands. */
export interface Example extends CodeBlock {
  readonly page: string;
}

const PLACES = ['docs', 'docs/guides', 'docs/reference', 'certs', 'packages/studio-sim'] as const;
/** What a person would type or run; the rest is for reading. */
const RUNNABLE = ['sh', 'bash', 'js', 'python'];

/** Every page: those at the root, all of `docs/`, and the READMEs of folders. */
export function readPages(): Page[] {
  const paths = ['.', ...PLACES].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  return paths.map((path) => ({ path, markdown: readFileSync(join(root, path), 'utf8') }));
}

/** Every runnable example of these pages. */
export function examples(pages: readonly Page[]): Example[] {
  return pages.flatMap(({ path, markdown }) =>
    codeBlocks(markdown)
      .filter(({ language }) => RUNNABLE.includes(language))
      .map((block) => ({ ...block, page: path })),
  );
}
