import { readFileSync } from 'node:fs';

import { expect, it } from '@jest/globals';

import { Directive } from '../answer/directive.ts';
import { FAULTS } from './faults.ts';
import { Options } from './options.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('the README describes every fault as GET /faults does', () => {
  for (const [name, description] of Object.entries(FAULTS))
    expect(readme.replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ')).toContain(
      `| \`${name}\` | ${description} |`,
    );
});

it('the README names every option and every key of a directive', () => {
  for (const name of [...Object.keys(Options.shape), ...Object.keys(Directive.shape)])
    expect(readme).toContain(`\`${name}\``);
});
