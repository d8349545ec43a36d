import { h } from './dom.ts';

/** One way a stretch of a line can be special: what matches, and what it becomes. */
type Rule = readonly [pattern: RegExp, render: (match: RegExpExecArray) => Node];

const RULES: readonly Rule[] = [
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, ([, , code = '']) => h('span.inline-code', {}, code.trim())],
  [/^\$\$([^$]+)\$\$/, ([, tex = '']) => math(tex)],
  [/^\$([^\s$][^$\n]*?)\$(?!\d)/, ([, tex = '']) => math(tex)],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, ([, alt = '', src = '']) => h('img', { alt, src })],
  [
    /^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/,
    ([, text = '', href = '']) =>
      h('a[target="_blank"]', { href: /^https?:/.test(href) ? href : '#' }, renderInline(text)),
  ],
  [
    /^(\*\*|__)(?=\S)([\s\S]*?\S)\1/,
    ([, , text = '']) => h('strong', {}, inNode(renderInline(text))),
  ],
  [
    /^(\*|_)(?=\S)([\s\S]*?\S)\1/,
    ([, , text = '']) => h('span', { style: 'font-style: italic;' }, inNode(renderInline(text))),
  ],
  [/^~~(?=\S)([\s\S]*?\S)~~/, ([, text = '']) => h('del', {}, renderInline(text))],
  [/^\\([!-/:-@[-`{-~])/, ([, character = '']) => plain(character)],
];

const SPECIAL = /[`$![*_~\\]/;

/** Renders the inside of a line or paragraph. The markers are gone afterwards, as on the real page. */
export function renderInline(text: string): Node[] {
  const nodes: Node[] = [];
  let pending = '';
  let rest = text;
  const flush = (): void => {
    if (pending !== '') nodes.push(plain(pending));
    pending = '';
  };
  while (rest !== '') {
    const next = rest.slice(1).search(SPECIAL) + 1 || rest.length;
    const found = SPECIAL.test(rest.charAt(0)) ? firstMatch(rest) : undefined;
    if (found) {
      flush();
      nodes.push(found.node);
      rest = rest.slice(found.length);
    } else {
      pending += rest.slice(0, next);
      rest = rest.slice(next);
    }
  }
  flush();
  return nodes;
}

function firstMatch(text: string): { node: Node; length: number } | undefined {
  for (const [pattern, render] of RULES) {
    const match = pattern.exec(text);
    if (match) return { node: render(match), length: match[0].length };
  }
  return undefined;
}

function plain(text: string): Node {
  return h('span.ng-star-inserted', {}, text.replaceAll(/\s*\n\s*/g, ' '));
}

/** What something holds is a node of its own. */
export function inNode(content: readonly Node[]): HTMLElement {
  return h('ms-cmark-node.cmark-node.ng-star-inserted', {}, ...content);
}

function math(tex: string): Node {
  const annotation = h('annotation[encoding="application/x-tex"]', {}, tex.trim());
  return h('ms-katex', {}, h('span.katex', {}, annotation));
}
