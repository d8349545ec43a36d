import { type App } from './app.ts';
import { h } from './dom.ts';

/** Real tooltips show after 0.3–0.5 s, whatever the rest of the timing is. */
const SHOW_MS = 300;

/** With its fault on: a tooltip that lies over Run while the mouse rests near it, or something was typed there (page.md §8). */
export function watchTooltip({ live, marks }: App): void {
  const tip = h(
    'div.mat-mdc-tooltip.mdc-tooltip[role="tooltip"]',
    {},
    'Run the prompt (Ctrl + Enter)',
  );
  let timer = 0;
  const show = (): void => {
    const run = document.querySelector(marks.runHost);
    if (!run || !live.take('blocking-tooltip')) return;
    const { left, top, width, height } = run.getBoundingClientRect();
    tip.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    document.body.append(tip);
  };
  const notice = ({ target }: Event): void => {
    if (target === tip || !(target instanceof Element)) return;
    const isNear = target.closest('footer') !== null;
    if (isNear && tip.isConnected) return;
    window.clearTimeout(timer);
    tip.remove();
    if (isNear && live.isOn('blocking-tooltip')) timer = window.setTimeout(show, SHOW_MS);
  };
  document.addEventListener('mousemove', notice);
  document.addEventListener('input', notice);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') tip.remove();
  });
}
