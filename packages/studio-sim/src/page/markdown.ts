import { h } from './dom.ts';
import { icon } from './icons.ts';
import { inNode, renderInline } from './markdown-inline.ts';

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([^\s`]*)/;
const LIST_ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * Renders markdown as the page does (page.md §5.1): what a block or a stretch of text holds is a
 * node inside it, markers and exact blanks are gone. Whoever reads the rendered nodes cannot get the source back.
 */
export function renderMarkdown(source: string): HTMLElement {
  return h(
    'ms-cmark-node.cmark-node.v3-font-body.ng-star-inserted',
    {},
    renderBlocks(source.split('\n')),
  );
}

function renderBlocks(lines: readonly string[]): HTMLElement[] {
  const blocks: HTMLElement[] = [];
  let index = 0;
  while (index < lines.length) {
    const [block, next] = renderBlock(lines, index);
    if (block) blocks.push(block);
    index = next;
  }
  return blocks;
}

/** Renders the block that begins at a line; gives it (none for a blank line) and where the next begins. */
function renderBlock(lines: readonly string[], start: number): [HTMLElement | undefined, number] {
  const line = lines[start] ?? '';
  if (line.trim() === '') return [undefined, start + 1];
  const fence = FENCE.exec(line);
  if (fence) return renderFence(lines, start, fence[2] ?? '```', fence[3] ?? '');
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading) {
    const level = heading[1]?.length ?? 1;
    return [h(`h${level}`, {}, inNode(renderInline(heading[2] ?? ''))), start + 1];
  }
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return [h('hr'), start + 1];
  if (line.startsWith('>')) return renderQuote(lines, start);
  if (LIST_ITEM.test(line)) return renderList(lines, start);
  if (line.includes('|') && TABLE_RULE.test(lines[start + 1] ?? ''))
    return renderTable(lines, start);
  return renderParagraph(lines, start);
}

function renderFence(
  lines: readonly string[],
  start: number,
  fence: string,
  language: string,
): [HTMLElement, number] {
  let end = start + 1;
  while (end < lines.length && !(lines[end] ?? '').trimStart().startsWith(fence)) end += 1;
  return [codeBlock(lines.slice(start + 1, end).join('\n'), language), end + 1];
}

/** A block of code with its header (page.md §5.1). */
export function codeBlock(code: string, language: string): HTMLElement {
  return h(
    'ms-code-block',
    { 'data-test-language': language },
    h(
      'mat-expansion-panel.mat-expansion-panel.mat-expanded',
      {},
      h(
        'mat-expansion-panel-header[aria-expanded="true"]',
        {},
        h('mat-panel-title', {}, icon('code'), h('span.title-text', {}, language || 'code')),
        h('button[aria-label="Download code"]', {}, icon('download')),
        h('button[aria-label="Copy to clipboard"]', {}, icon('content_copy')),
        h('button[aria-label="Expand or collapse"]', {}, icon('expand_less')),
      ),
      h('div.mat-expansion-panel-body', {}, h('pre', {}, h('code', {}, code))),
    ),
  );
}

function renderQuote(lines: readonly string[], start: number): [HTMLElement, number] {
  let end = start;
  while (end < lines.length && (lines[end] ?? '').startsWith('>')) end += 1;
  const inside = lines.slice(start, end).map((line) => line.replace(/^> ?/, ''));
  return [h('blockquote', {}, inNode(renderBlocks(inside))), end];
}

function renderList(lines: readonly string[], start: number): [HTMLElement, number] {
  const first = LIST_ITEM.exec(lines[start] ?? '');
  const indent = first?.[1]?.length ?? 0;
  const isOrdered = /\d/.test(first?.[2] ?? '');
  const items: string[][] = [];
  let index = start;
  for (; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const item = LIST_ITEM.exec(line);
    if (item && (item[1]?.length ?? 0) <= indent) {
      if ((item[1]?.length ?? 0) < indent || /\d/.test(item[2] ?? '') !== isOrdered) break;
      items.push([item[3] ?? '']);
    } else if (line.trim() === '' && LIST_ITEM.test(lines[index + 1] ?? '')) {
      continue;
    } else if (line.trim() !== '' && /^\s{2,}/.test(line)) {
      items.at(-1)?.push(line.slice(Math.min(indent + 2, line.search(/\S/))));
    } else break;
  }
  const list = h(
    isOrdered ? 'ol' : 'ul',
    {},
    inNode(items.map((item) => h('li', {}, inNode(renderItem(item))))),
  );
  return [list, index];
}

function renderItem([first = '', ...rest]: readonly string[]): Node[] {
  return [h('p', {}, inNode(renderInline(first))), ...renderBlocks(rest)];
}

function renderTable(lines: readonly string[], start: number): [HTMLElement, number] {
  let end = start + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  const table = h(
    'table',
    {},
    h('thead', {}, tableRow(lines[start] ?? '', 'th')),
    h('tbody', {}, ...lines.slice(start + 2, end).map((line) => tableRow(line, 'td'))),
  );
  return [h('div.table-container', {}, table), end];
}

function tableRow(line: string, cell: 'td' | 'th'): HTMLElement {
  return h('tr', {}, ...cellsOf(line).map((text) => h(cell, {}, inNode(renderInline(text)))));
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

function renderParagraph(lines: readonly string[], start: number): [HTMLElement, number] {
  let end = start + 1;
  while (end < lines.length && !beginsBlock(lines, end)) end += 1;
  const text = lines.slice(start, end).join('\n');
  return [h('p', {}, inNode(renderInline(text))), end];
}

function beginsBlock(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  return (
    line.trim() === '' ||
    line.startsWith('>') ||
    /^#{1,6}\s/.test(line) ||
    FENCE.test(line) ||
    LIST_ITEM.test(line)
  );
}
