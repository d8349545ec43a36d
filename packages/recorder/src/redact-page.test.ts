import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { findSecrets } from './find-secrets.ts';
import { type PageNode } from './page-tree.ts';
import { createPlaceholders } from './placeholders.ts';
import { redactPage, redactPath } from './redact-page.ts';

const placeholders = createPlaceholders();
const html = (page: PageNode): string => redactPage(page, placeholders);

function node(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (PageNode | string)[]
): PageNode {
  return { tag, attributes: Object.entries(attributes), children };
}

describe('a redacted page', () => {
  it('keeps the page’s own labels, classes and states', () => {
    const run = node(
      'button',
      { class: 'ctrl-enter-submits ms-button-primary', 'aria-disabled': 'true', type: 'submit' },
      node('span', { class: 'run-button-label' }, 'Run'),
      node('span', { class: 'secondary-key' }, 'Ctrl'),
    );
    expect(html(run)).toBe(
      '<button class="ctrl-enter-submits ms-button-primary" aria-disabled="true" type="submit">' +
        '<span class="run-button-label">Run</span><span class="secondary-key">Ctrl</span></button>',
    );
    const icon = node('span', { class: 'material-symbols-outlined' }, 'auto_awesome_motion');
    expect(html(icon)).toContain('>auto_awesome_motion<');
    const search = {
      'aria-label': 'Grounding with Google Search',
      role: 'switch',
      id: 'mat-mdc-slide-toggle-3-button',
    };
    expect(html(node('button', search))).toContain('aria-label="Grounding with Google Search"');
    expect(html(node('button', search))).toContain('id="mat-mdc-slide-toggle-3-button"');
  });

  it('keeps a model’s row as it is found: id and name', () => {
    const id = 'model-carousel-row-models/gemini-3-flash-preview';
    expect(html(node('button', { id }, 'Gemini 3 Flash Preview'))).toBe(
      `<button id="${id}">Gemini 3 Flash Preview</button>`,
    );
  });

  it('replaces the account, chat titles, prompts, answers and file names', () => {
    const page = node(
      'body',
      {},
      node(
        'ms-account-switcher',
        {},
        node(
          'button',
          { 'aria-label': 'Google Account: Maria Muster (maria@mail.example)' },
          node('span', {}, 'maria@mail.example'),
        ),
      ),
      node('a', { href: '/prompts/1AbCdEfGhIjKlMnOp' }, 'Run settings'),
      node('a', { href: '/prompts/new_chat' }, 'Playground'),
      node(
        'ms-chat-turn',
        { id: 'turn-5F2A-91' },
        node('h2', {}, 'Run'),
        node('button', { 'aria-label': 'Edit' }, 'Edit'),
      ),
      node('ms-prompt-media', {}, node('span', {}, 'report.pdf')),
      { ...node('textarea', { 'aria-label': 'Enter a prompt' }), value: 'the prompt of mine' },
      { ...node('input', { type: 'text' }), value: 'stop' },
      { ...node('input', { type: 'number' }), value: '65536' },
      node('p', {}, 'Dear Maria, your letter'),
    );
    const said = html(page);
    for (const secret of [
      'aria@',
      'Maria',
      'Muster',
      'mail.',
      'settings',
      '>Run<',
      'report',
      'prompt of',
      '"stop"',
      'letter',
      '1AbC',
      '5F2A',
    ]) {
      expect(said).not.toContain(secret);
    }
    for (const kept of [
      '>Playground<',
      'aria-label="Edit"',
      'value="65536"',
      'aria-label="Enter a prompt"',
      'href="/prompts/new_chat"',
    ]) {
      expect(said).toContain(kept);
    }
  });

  it('keeps no answer of the page’s own words where turns are not known as such', () => {
    const seen = new Set<string>();
    const panel = node('h2', {}, 'Run settings');
    redactPage(node('body', {}, panel), placeholders, { seen, isInChat: false });
    const page = node(
      'body',
      {},
      panel,
      node('ms-renamed-turn', {}, node('p', {}, 'Yes, start again.'), node('button', {}, 'Edit')),
      node('mat-snack-bar-container', {}, 'Failed to generate content. Please try again.'),
    );
    const said = redactPage(page, placeholders, { seen, isInChat: true });
    expect(said).not.toContain('start');
    for (const kept of ['Run settings', 'Edit', 'Failed to generate content']) {
      expect(said).toContain(kept);
    }
  });

  it('says how an element was shown, and keeps open shadow roots', () => {
    const host: PageNode = {
      ...node('ms-host'),
      shown: 'none',
      shadow: [node('p', {}, 'Run'), 'Maria'],
    };
    expect(html(host)).toMatch(
      /^<ms-host data-recorded="none"><template shadowrootmode="open"><p>Run<\/p>[JQXZ][jqxz]{4}<\/template><\/ms-host>$/,
    );
  });

  it('keeps nothing of a person’s name in classes and ids once the page shows whose it is', () => {
    const page = node(
      'body',
      {},
      node('div', { class: 'account-switcher-text' }, 'Maria Muster'),
      node('div', { id: 'chip-muster', class: 'avatar-maria' }),
    );
    expect(html(page)).not.toMatch(/muster|maria/i);
  });

  const PLACES: readonly (readonly [string, (secret: string) => PageNode])[] = [
    ['text', (secret) => node('p', {}, secret)],
    ['a button', (secret) => node('button', {}, secret)],
    ['a heading', (secret) => node('h1', {}, secret)],
    ['an option', (secret) => node('mat-option', { role: 'option' }, secret)],
    ['the title', (secret) => node('title', {}, `${secret} | Google AI Studio`)],
    ['a turn', (secret) => node('ms-chat-turn', {}, node('button', {}, secret))],
    ['an icon', (secret) => node('span', { class: 'material-symbols-outlined' }, secret)],
    [
      'a field',
      (secret) => ({ ...node('input', { value: secret, type: 'number' }), value: secret }),
    ],
    ['a prompt', (secret) => ({ ...node('textarea', {}, secret), value: secret })],
    [
      'a shadow root',
      (secret) => ({ ...node('ms-x'), shadow: [node('b', { title: secret }, secret)] }),
    ],
    ['the name of a tag', (secret) => node(secret)],
    ...[
      'class',
      'id',
      'name',
      'title',
      'alt',
      'href',
      'src',
      'style',
      'jslog',
      'for',
      'role',
      'type',
      'value',
      'content',
      'aria-label',
      'aria-labelledby',
      'aria-describedby',
      'aria-valuetext',
      'placeholder',
      'data-test-id',
      'data-value',
      'data-turn-role',
      'mattooltip',
      'mat-tooltip',
      'ms-button',
      'srcset',
      'action',
      'lang',
      'onclick',
      'disabled',
    ].map(
      (name) =>
        [`the attribute ${name}`, (secret: string) => node('div', { [name]: secret })] as const,
    ),
  ];
  const SECRETS = [
    'maria.muster@mail.example',
    'https://chat.example/maria-muster?mail=maria.muster@mail.example',
    '/u/0/prompts/1mariaMUSTERx7x8x9',
    '192.0.2.77',
    'AIzaSyDplanted0123456789abcdefghijklmnop',
    'ya29.a0Planted_Token-123456789',
    'SAPISID=planted/123456789abc',
    '6f9619ff8b86d011b42d00c04fc964ff',
  ];

  describe.each(PLACES)('in %s', (_place, plant) => {
    it.each(SECRETS)('keeps nothing of %s', (secret) => {
      const said = html(node('html', {}, plant(secret)));
      expect(said).not.toContain(secret);
      expect(said).not.toMatch(/maria|muster|planted|192\.0\.2|6f9619/i);
    });
  });

  it('holds no address, key or token, whatever the page says', () => {
    const place = fc.constantFrom(...PLACES.map(([, plant]) => plant));
    fc.assert(
      fc.property(place, fc.emailAddress(), (plant, address) => {
        const step = {
          name: 'loaded' as const,
          atMs: 0,
          path: '/',
          html: html(plant(`to ${address}!`)),
        };
        const rest = {
          format: 'aistudio-recording',
          version: 1,
          browser: '',
          language: 'en',
        } as const;
        expect(step.html).not.toContain(address);
        expect(findSecrets({ ...rest, steps: [step], calls: [], notes: [] })).toEqual([]);
      }),
    );
  });
});

describe('a redacted path', () => {
  it('keeps routes, and replaces ids and the query', () => {
    expect(redactPath('/u/1/prompts/new_chat?model=x#y', placeholders)).toBe(
      '/u/1/prompts/new_chat',
    );
    expect(redactPath('/prompts/1qWeRtZuIoP0987', placeholders)).toMatch(
      /^\/prompts\/[jqxzJQXZ479]{15}$/,
    );
  });
});
