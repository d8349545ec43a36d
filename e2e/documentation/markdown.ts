/** A fenced code block of a page, with the comment `<!-- … -->` directly above it. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** The comment's text; empty if there is none. */
  readonly note: string;
}

const FENCED = /(?:<!-- ([^\n]*?) -->\n\n?)?^( *)```(\w*)[^\n]*\n([^]*?)^ *```$/gm;

/** The fenced code blocks of a markdown page, in order, without their indentation. */
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

/** The targets of a page's links, unchanged; links inside code are ignored. */
export function linkTargets(markdown: string): string[] {
  const prose = markdown.replaceAll(FENCED, '').replaceAll(/`[^`\n]*`/g, '`');
  return Array.from(prose.matchAll(/\]\(([^()\s]+)\)/g), ([, target = '']) => target);
}

/** The anchors of a page's headings, by GitHub's rule. */
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
