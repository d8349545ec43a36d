import { type DriftNames } from '../drift/names.ts';
import { BUTTON_LIKE } from './drift-controls.ts';

const OWN = `
.more-popover { position: fixed; z-index: 1300; max-height: 90vh; overflow: auto; background: var(--raised); border-radius: 12px; padding: 12px; box-shadow: 0 8px 30px rgb(0 0 0 / .5); display: flex; flex-direction: column; gap: 8px; }
.button-like { display: inline-flex; align-items: center; gap: 6px; cursor: pointer; }
.stranger-row { position: fixed; z-index: 1240; top: 0; left: 0; right: 0; display: flex; gap: 12px; align-items: center; padding: 4px 16px; background: #33415c; }
.stranger-card { position: fixed; z-index: 1250; width: 280px; padding: 12px; border-radius: 12px; background: #33415c; }
.stranger-backdrop { position: fixed; inset: 0; z-index: 1260; background: rgb(0 0 0 / .5); display: grid; place-items: center; }
.stranger-dialog { width: 360px; padding: 24px; border-radius: 16px; background: #33415c; }
`;

/** Rewrites the page's styles so that they fit the changed names too: a person sees the same page. */
export function driftStyles(names: DriftNames): void {
  for (const style of document.querySelectorAll('style')) {
    style.textContent = `${drifted(style.textContent ?? '', names)}${OWN}`;
  }
}

function drifted(css: string, names: DriftNames): string {
  return css.replaceAll(/([^{};]+)\{/g, (rule, selector: string) =>
    selector.trim().startsWith('@') ? rule : `${selectorFor(selector, names)}{`,
  );
}

function selectorFor(selector: string, names: DriftNames): string {
  return selector
    .replaceAll(/(?<![\w.#-])(?:ms|mat|loading)-[\w-]+/g, (tag) => either(tag, names.tag(tag)))
    .replaceAll(/\.([a-zA-Z_][\w-]*)/g, (found, name: string) =>
      either(found, `.${names.className(name)}`),
    )
    .replaceAll(/(?<![\w.#[-])button(?![\w-])/g, `:is(button, div:where(.${BUTTON_LIKE}))`);
}

function either(one: string, other: string): string {
  return one === other ? one : `:is(${one}, ${other})`;
}
