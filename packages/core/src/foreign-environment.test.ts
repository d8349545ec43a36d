import { describe, expect, it } from '@jest/globals';

import { configVariables } from './config.ts';
import { foreignEnvironment } from './foreign-environment.ts';

describe('the environment of a program that is not ours', () => {
  it('has what concerns the system and the screen', () => {
    const environment = {
      PATH: '/bin',
      DISPLAY: ':1',
      LC_ALL: 'C',
      XDG_RUNTIME_DIR: '/run/user/1',
    };
    expect(foreignEnvironment(environment)).toEqual(environment);
  });

  it('has none of our settings, and no secret of anyone', () => {
    const ours = configVariables.map(({ name }) => name);
    const secrets = ['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'NODE_OPTIONS', 'https_proxy'];
    const environment = Object.fromEntries([...ours, ...secrets].map((name) => [name, 'secret']));
    expect(foreignEnvironment(environment)).toEqual({});
  });
});
