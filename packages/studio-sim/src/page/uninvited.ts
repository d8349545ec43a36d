import { type App } from './app.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { dialogBody } from './overlays.ts';

/** Marks of the two kinds of button a dialog has. */
export const PRIMARY = 'button.ms-button-primary';
export const PLAIN = 'button.ms-button-borderless';

/** Only a person may accept: the button works once the box is ticked. */
export function showTerms({ overlays }: App): void {
  const accept = h(PRIMARY, { disabled: true, onClick: () => overlay.close() }, 'I accept');
  const box = h('input[type="checkbox"]', {
    'aria-label': 'I have read the terms of service',
    onChange: () => {
      accept.toggleAttribute('disabled', !box.checked);
    },
  });
  const text = h('label', {}, box, ' I have read the Terms of Service and the privacy policy');
  const overlay = overlays.dialog(dialogBody('Terms of Service', text, accept), {
    isDismissible: false,
  });
}

/** A paid model was chosen. */
export function showPaidUsage({ overlays }: App): void {
  const close = h('button[aria-label="close"]', { onClick: () => overlay.close() }, icon('close'));
  const heading = h('span.dialog-heading', {}, 'This model is paid', close);
  const overlay = overlays.dialog(
    h('ms-paid-usage-dialog', {}, dialogBody(heading, h('p', {}, 'Choose an API key to use it.'))),
    { isDismissible: false },
  );
}

/** The bar that mostly landing pages have. */
export function showCookieBar(): void {
  const bar = h(
    'div.glue-cookie-notification-bar',
    {},
    'This site uses cookies.',
    h('button.glue-cookie-notification-bar__accept', { onClick: () => bar.remove() }, 'OK, got it'),
    h('button.glue-cookie-notification-bar__reject', { onClick: () => bar.remove() }, 'No thanks'),
  );
  document.body.append(bar);
}

/** A survey over the corner of the page. */
export function showSurvey(): void {
  document.body.append(
    h('iframe#google-hats-survey-frame', {
      srcdoc: '<body style="background:#fff">How do you like AI Studio?</body>',
      title: 'Survey',
    }),
  );
}

/** A message above the page. */
export function showBanner(): void {
  const message = 'Some features are degraded. We are working on it.';
  document.body.prepend(
    h(
      'ms-global-banner',
      {},
      h('div.error-banner', {}, h('span.error-banner-message', {}, message)),
    ),
  );
}
