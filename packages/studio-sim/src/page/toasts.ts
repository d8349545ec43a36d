import { delay, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Live } from './live.ts';

/** Short messages at the edge of the page (page.md §9). */
export interface Toasts {
  show(kind: 'warning' | 'error', text: string): void;
}

/** Makes the place where toasts appear. */
export function createToasts(live: Live): Toasts {
  const place = h('ms-toast-container.toasts');
  document.body.append(place);
  return {
    show(kind, text) {
      const toast = h(
        `div.toast.${kind}`,
        {},
        icon('warning'),
        h('span.content-text', {}, text),
        h('button[aria-label="Close"]', { onClick: () => toast.remove() }, icon('close')),
      );
      place.append(toast);
      void delay(live.timing.toastLife).then(() => toast.remove());
    },
  };
}
