import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../packages/launcher/src/setup/setup.ts';
import { type CodeBlock, codeBlocks } from './markdown.ts';

/** A page of the documentation. `path` is relative to the project's root. */
export interface Page {
  readonly path: string;
  readonly markdown: string;
}

/** An example for a person to run, and its page. */
export interface Example extends CodeBlock {
  readonly page: string;
}

const PLACES = ['docs', 'docs/guides', 'docs/reference', 'certs', 'packages/studio-sim'] as const;
/** Languages of examples to run; other blocks are for reading. */
const RUNNABLE = ['sh', 'bash', 'js', 'python'];

/** Every page: those in the root, all of `docs/`, and the READMEs of some folders. */
export function readPages(): Page[] {
  const paths = ['.', ...PLACES].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  return paths.map((path) => ({ path, markdown: readFileSync(join(root, path), 'utf8') }));
}

/** The runnable examples of these pages. */
export function examples(pages: readonly Page[]): Example[] {
  return pages.flatMap(({ path, markdown }) =>
    codeBlocks(markdown)
      .filter(({ language }) => RUNNABLE.includes(language))
      .map((block) => ({ ...block, page: path })),
  );
}
