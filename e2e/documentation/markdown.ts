/** A fenced block of code in a page, with the comment `<!-- … -->` that stands right above it. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The comment's text; empty where there is none. */
  readonly note: string;
}

const FENCED = /(?:<!-- ([^\n]*?) -->\n\n?)?^( *)```(\w*)[^\n]*\n([^]*?)^ *```$/gm;

/** The fenced blocks of a page in markdown, in their order, without their indentation. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return Array.from(
    markdown.matchAll(FENCED),
    ([, note = '', indent = '', language = '', code]) => ({
      language,
      code: (code ?? '').replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      note,
    }),
  );
}

/** Where a page links to: addresses and paths as they are written, from outside of code. */
export function linkTargets(markdown: string): string[] {
  const prose = markdown.replaceAll(FENCED, '').replaceAll(/`[^`\n]*`/g, '`');
  return Array.from(prose.matchAll(/\]\(([^()\s]+)\)/g), ([, target = '']) => target);
}

/** What a link into a page may name behind its `#`, by GitHub's rule: one for each heading. */
export function anchors(markdown: string): string[] {
  const headings = markdown.replaceAll(FENCED, '').matchAll(/^#+ (.+)$/gm);
  return Array.from(headings, ([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The numbers of a page's numbered headings: `4.2` of `### 4.2 Parts`. */
export function sectionNumbers(markdown: string): string[] {
  const headings = markdown.matchAll(/^#+ (\d+(?:\.\d+)*)\.? /gm);
  return Array.from(headings, ([, number = '']) => number);
}

/** The lines of a page outside of fenced code and tables. */
export function proseLines(markdown: string): string[] {
  return markdown
    .replaceAll(FENCED, '')
    .split('\n')
    .filter((line) => !/^\s*\|/.test(line));
}
