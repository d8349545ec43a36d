import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { root } from '../../packages/launcher/src/setup/setup.ts';
import { configurationPage } from './configuration-page.ts';
import { anchors, linkTargets, proseLines, sectionNumbers } from './markdown.ts';
import { examples, readPages } from './pages.ts';

/** Commands that a test runs, with the file of that test. */
const TESTED: Readonly<Record<string, string>> = {
  'npx -y pnpm@12 demo': 'e2e/operations/demo.e2e.ts',
  'npx -y pnpm@12 test': '.ci/run',
  'pnpm run doctor --page': 'e2e/page/repair.e2e.ts',
  'pnpm run doctor --page --write-pack page-packs/repair.json': 'e2e/page/repair.e2e.ts',
  'pnpm signin': 'e2e/operations/signin.e2e.ts',
  'pnpm start': 'e2e/operations/start.e2e.ts',
};
/** Commands of pnpm itself, which are no scripts of the project. */
const PNPM_COMMANDS = ['install', 'exec', 'run', 'add'];
/** Longest line of prose, in characters. */
const MAX_LINE = 120;

const pages = readPages();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the documentation', () => {
  it('has no broken links', () => {
    const links = pages.flatMap(({ path, markdown }) =>
      linkTargets(markdown).map((target) => ({ path, target })),
    );
    const missing = links.filter(({ path, target }) => !leadsSomewhere(path, target));
    expect([links.length > 20, missing]).toEqual([true, []]);
  });

  it('lists every page in docs/README.md', () => {
    const index = linkTargets(read('docs/README.md'));
    const others = ['guides', 'reference'].flatMap((folder) =>
      readdirSync(join(root, 'docs', folder)).map((name) => `${folder}/${name}`),
    );
    expect(others.filter((name) => !index.includes(name))).toEqual([]);
  });

  it('has no untested command or example, unless it says why', () => {
    const untested = examples(pages).filter(
      ({ language, code, note }) =>
        !/^(prints|not runnable offline): ./.test(note) &&
        (language !== 'sh' || commands(code).some((command) => !(command in TESTED))),
    );
    expect(untested).toEqual([]);
    expect(Object.values(TESTED).filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap(({ path, markdown }) =>
      Array.from(
        markdown.matchAll(/\bpnpm(?:@12)? (?:run )?([a-z][a-z0-9:-]*)/g),
        ([, script = '']) => ({ path, script }),
      ),
    );
    const missing = named.filter(
      ({ script }) => !(script in scripts) && !PNPM_COMMANDS.includes(script),
    );
    expect([named.length > 5, missing]).toEqual([true, []]);
  });

  it('lists the settings of the schema (otherwise run: pnpm docs:configuration)', () => {
    const words = (page: string): string => page.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
    expect(words(read('docs/reference/configuration.md'))).toBe(words(configurationPage()));
  });

  it('quotes error messages as they are in the code', () => {
    const rows = read('docs/guides/troubleshooting.md').match(/^\| [^|]*`[^|]*/gm) ?? [];
    const pieces = rows
      .flatMap((row) => row.match(/`[A-Z][^`]* [^`]*`/g) ?? [])
      .flatMap((quote) => quote.slice(1, -1).split('…'))
      .map((piece) => piece.trim())
      .filter((piece) => piece.length > 8);
    const code = sources().map(read).join('\n').replaceAll(/[\\`]/g, '');
    expect([pieces.length > 20, pieces.filter((piece) => !code.includes(piece))]).toEqual([
      true,
      [],
    ]);
  });

  it('has every section that a comment cites', () => {
    const sections = new Map(
      ['wire-format.md', 'page.md'].map((name) => [
        name,
        sectionNumbers(read(`docs/reference/${name}`)),
      ]),
    );
    const cited = sources().flatMap((path) =>
      Array.from(
        read(path).matchAll(/\b(wire-format|page)\.md ((?:§[\d.]*\d(?:[–,] ?)?)+)/g),
        ([, name, list = '']) => ({ path, page: `${name}.md`, numbers: list.match(/\d[\d.]*/g) }),
      ),
    );
    const missing = cited.filter(
      ({ page, numbers }) => !numbers?.every((number) => sections.get(page)?.includes(number)),
    );
    expect([cited.length > 100, missing]).toEqual([true, []]);
  });

  it('describes every client behaviour that a comment cites, and each has a test by its name', () => {
    const code = sources();
    const tests = code.filter((path) => /\.(test|e2e)\.ts$/.test(path)).map(read);
    const cited = code
      .map(read)
      .join('\n')
      .matchAll(/\bopenai-behaviours(?:\s|\*|\/\/)+([A-Z]-\d+b?)/g);
    const names = [...new Set(Array.from(cited, ([, name = '']) => name))];
    const rows = read('docs/reference/client-behaviours.md').matchAll(/^\| ([A-Z]-\d+b?) +\| \S/gm);
    const described = Array.from(rows, ([, name = '']) => name);
    const isTitle = (name: string): boolean =>
      tests.some((test) => new RegExp(`['\`][^'\`\n]*\\b${name}\\b`).test(test));
    expect([names.length > 10, names.filter((name) => !described.includes(name))]).toEqual([
      true,
      [],
    ]);
    expect(described.filter((name) => !isTitle(name))).toEqual([]);
  });

  it('names only source files that exist', () => {
    const code = sources().map((path) => `/${path}`);
    const named = pages.flatMap(({ path, markdown }) =>
      Array.from(markdown.matchAll(/`([\w./-]+\.ts)`/g), ([, file = '']) => ({ path, file })),
    );
    const missing = named.filter(({ file }) => !code.some((path) => path.endsWith(`/${file}`)));
    expect([named.length > 30, missing]).toEqual([true, []]);
  });

  it('has lines of at most 120 characters outside of tables and code', () => {
    const long = pages.flatMap(({ path, markdown }) =>
      proseLines(markdown)
        .filter((line) => line.length > MAX_LINE && line.trim().includes(' '))
        .map((line) => `${path}: ${line}`),
    );
    expect(long).toEqual([]);
  });

  it('has the version of all packages in the changelog', () => {
    const manifests = ['.', 'e2e', 'bench', ...folders('packages')].map((folder) =>
      join(folder, 'package.json'),
    );
    const versions = manifests.map(
      (path) => (JSON.parse(read(path)) as { version: string }).version,
    );
    const [version = ''] = versions;
    expect(versions.filter((other) => other !== version)).toEqual([]);
    expect(read('CHANGELOG.md')).toContain(`## [${version}]`);
  });
});

/** Whether the file and its anchor exist. Links to the web are not checked. */
function leadsSomewhere(path: string, target: string): boolean {
  if (/^(https?|mailto):/.test(target)) return true;
  const [file = '', anchor] = target.split('#');
  const place = file === '' ? path : join(dirname(path), file);
  if (!existsSync(join(root, place))) return false;
  return anchor === undefined || anchors(read(place)).includes(anchor);
}

/** The commands of a shell example, without comments. */
function commands(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** The subfolders of a folder, as paths from the root. */
function folders(parent: string): string[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(parent, name));
}

/** Every source file of the project. */
function sources(): string[] {
  return ['packages', 'e2e', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
      .filter((path) => !/node_modules|dist\//.test(path)),
  );
}
