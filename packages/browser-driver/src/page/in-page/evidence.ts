/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type AlternatesFound, type Survey } from './survey.ts';

/** What a snapshot keeps of the page. */
export interface Evidence {
  /** The document without scripts, and without anyone's words. */
  readonly html: string;
  readonly alternates: AlternatesFound;
}

/** Makes a function that collects {@link Evidence}. Runs in the page: refers to nothing outside. */
export function createEvidence(survey: Survey): () => Evidence {
  /** Text that is the page's own: all other text may be the person's or the model's. */
  const OWN =
    'button, label, h1, h2, h3, h4, [role="tab"], [role="menuitem"], [role="option"], mat-option, ' +
    'mat-dialog-container, [role="dialog"], [role="alert"], .toast, ms-callout, mat-snack-bar-container';
  const WORDS =
    'ms-chat-turn, ms-chat-session, [data-turn-role], .chat-turn-container, .turn-content, ms-cmark-node, ' +
    '.cmark-node, ms-text-chunk, textarea, mat-chip, mat-chip-row, ms-prompt-media, ' +
    '.system-instructions-card, [data-test-system-instructions-card], ' +
    // The navigation shows the account's name and address, and the names of chats (page.md §8).
    'ms-navbar-v2, ms-navbar, nav, ms-account-switcher, [class*="account-switcher"], [class*="navbar"], ' +
    '.page-title, .mode-title';
  const SECRETS = 'script, style, link, meta, iframe, noscript, template';
  /** Attributes that describe structure; the values of all others may say anything. */
  const KEPT =
    /^(class|id|role|type|name|for|disabled|hidden|tabindex|aria-(?!label|description|valuetext|placeholder|roledescription).*|data-test.*|data-turn-role|formcontrolname|min|max|step|iconname|mat-.*)$/;

  /** An e-mail address is nobody's label, wherever it stands. */
  const ADDRESS = /[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+/gu;

  const mask = (text: string): string => text.replace(/[^\s]/gu, '•');
  const maskAddresses = (text: string): string => text.replace(ADDRESS, mask);

  return () => {
    const copy = document.importNode(document.documentElement, true);
    for (const secret of copy.querySelectorAll(SECRETS)) secret.remove();
    for (const element of copy.querySelectorAll('*')) {
      const isOwn = element.closest(OWN) !== null && element.closest(WORDS) === null;
      for (const name of element.getAttributeNames()) {
        if (!KEPT.test(name) && !(isOwn && name === 'aria-label')) element.removeAttribute(name);
        else element.setAttribute(name, maskAddresses(element.getAttribute(name) ?? ''));
      }
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE) continue;
        const text = node.textContent ?? '';
        node.textContent = isOwn ? maskAddresses(text) : mask(text);
      }
    }
    return {
      html: `<!doctype html>\n${copy.outerHTML}`,
      alternates: survey.alternates(),
    };
  };
}
