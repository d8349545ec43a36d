/** A piece of HTML. */
export interface Markup {
  readonly html: string;
}

const SPEC = /([.#])([\w-]+)|\[([\w-]+)(?:="([^"]*)")?\]/g;
const VOID = new Set(['input', 'img', 'br', 'hr', 'meta']);

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** An element by what a selector would say of it, `button.primary#run[aria-label="Run"]`; text is escaped. */
export function el(spec: string, ...children: readonly (Markup | string)[]): Markup {
  const [, tag = 'div', rest = ''] = /^([\w-]+)(.*)$/s.exec(spec) ?? [];
  const classes: string[] = [];
  const attributes: string[] = [];
  for (const [, mark, name = '', attribute, value = ''] of rest.matchAll(SPEC)) {
    if (mark === '.') classes.push(name);
    else if (mark === '#') attributes.push(`id="${name}"`);
    else attributes.push(`${attribute}="${escape(value)}"`);
  }
  if (classes.length > 0) attributes.unshift(`class="${classes.join(' ')}"`);
  const inside = children
    .map((child) => (typeof child === 'string' ? escape(child) : child.html))
    .join('');
  const open = `<${[tag, ...attributes].join(' ')}>`;
  return { html: VOID.has(tag) ? open : `${open}${inside}</${tag}>` };
}

/** An icon: a word that a font draws. */
export const icon = (word: string): Markup =>
  el('span.material-symbols-outlined.notranslate[aria-hidden="true"]', ` ${word} `);
