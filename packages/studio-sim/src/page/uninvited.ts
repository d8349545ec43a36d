import { type App } from './app.ts';
import { h, setAttribute } from './dom.ts';
import { messagesIn } from './messages.ts';
import { iconButton, msButton, setDisabled } from './ms-button.ts';
import { dialogBody } from './overlays.ts';

/** Only a person may accept: the button works once the box is ticked. */
export function showTerms({ overlays }: App): void {
  const accept = msButton('button', 'primary', { onClick: () => overlay.close() }, 'I accept');
  setDisabled(accept, true);
  const box = h('input[type="checkbox"]', {
    'aria-label': 'I have read the terms of service',
    onChange: () => setDisabled(accept, !box.checked),
  });
  const text = h('label', {}, box, ' I have read the Terms of Service and the privacy policy');
  const overlay = overlays.dialog(dialogBody('Terms of Service', text, accept), {
    isDismissible: false,
  });
}

/** A paid model was chosen. */
export function showPaidUsage({ overlays }: App): void {
  const close = iconButton('button[aria-label="close"]', 'close', {
    onClick: () => overlay.close(),
  });
  const heading = h('span.dialog-heading', {}, 'This model is paid', close);
  const overlay = overlays.dialog(
    h('ms-paid-usage-dialog', {}, dialogBody(heading, h('p', {}, 'Choose an API key to use it.'))),
    { isDismissible: false },
  );
}

/**
 * The row at the top of the page: it has one button, moves the page down and covers nothing. Hidden
 * unless its fault is on.
 */
export function createCookieBar({ live }: App): HTMLElement {
  const { cookies, acceptCookies } = messagesIn(live.value.options.messages);
  const accept = h(
    'button.glue-cookie-notification-bar__accept',
    { onClick: () => show(false) },
    acceptCookies,
  );
  const bar = h(
    'div#glue-cookie-notification-bar-1.glue-cookie-notification-bar[role="region"]',
    {},
    h(
      'p.glue-cookie-notification-bar__text',
      {},
      h('span#glue-cookie-notification-bar-1-label', {}, cookies),
    ),
    accept,
  );
  const show = (isVisible: boolean): void => {
    setAttribute(bar, 'aria-hidden', String(!isVisible));
    setAttribute(bar, 'inert', !isVisible);
    bar.style.display = isVisible ? 'flex' : 'none';
  };
  let wasOn = false;
  show(false);
  live.watch(({ faults }) => {
    const isOn = 'cookie-bar' in faults;
    if (isOn && !wasOn) show(live.take('cookie-bar'));
    wasOn = isOn;
  });
  return bar;
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
