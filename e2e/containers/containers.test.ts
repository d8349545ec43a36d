import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { configVariables, loadConfig } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

import { root } from '../../packages/launcher/src/setup/setup.ts';
import { Compose } from './compose.ts';
import { parseDockerfile } from './dockerfile.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const compose = Compose.parse(
  z
    .looseObject({})
    .transform((whole) =>
      Object.fromEntries(Object.entries(whole).filter(([key]) => !key.startsWith('x-'))),
    )
    .parse(parse(read('docker-compose.yml'), { merge: true })),
);
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
/** What compose fills in from its own environment. */
const filledIn = (value: string | number): string =>
  String(value).replace(/\$\{\w+:-(.*?)\}/, '$1');

describe('docker-compose.yml', () => {
  it.each(services)('shuts %s in', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(service.image).not.toMatch(/:latest$/);
  });

  it('gives capabilities to the browser alone, and publishes the API alone', () => {
    const having = (has: (service: (typeof services)[0][1]) => boolean): string[] =>
      services.filter(([, service]) => has(service)).map(([name]) => name);
    expect(having(({ cap_add }) => cap_add.length > 0)).toEqual(['browser-driver']);
    expect(having(({ ports }) => ports.length > 0)).toEqual(['api']);
    expect(having(({ image }) => image !== 'aistudio-proxy')).toEqual(['redis']);
  });

  it.each(ours)('starts what there is in %s, with settings that there are', (_name, service) => {
    const [node, main = ''] = service.command;
    expect(node).toBe('node');
    const programs = [main, ...service.healthcheck.test].filter((word) => word.endsWith('.js'));
    for (const program of programs) {
      const source = program.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
      expect(existsSync(join(root, source))).toBe(true);
    }
    const environment = Object.entries(service.environment).map(
      ([name, value]) => [name, filledIn(value)] as const,
    );
    const known = configVariables.map(({ name }) => name);
    for (const [name] of environment) expect(known).toContain(name);
    expect(() => loadConfig(Object.fromEntries(environment))).not.toThrow();
    expect(service.env_file).toEqual([{ path: '.env', required: false }]);
    expect(service.init).toBe(true);
    const graceMs = loadConfig({}).SHUTDOWN_GRACE_MS;
    const stopMs = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1]) * 1000;
    expect(stopMs).toBeGreaterThanOrEqual(graceMs + 10_000); // and then its last words
  });

  it('depends on services and mounts volumes that there are, in folders that the image has', () => {
    const folders = /^install .*0700 (.*)$/.exec(
      parseDockerfile(read('Dockerfile')).find(({ value }) => value.startsWith('install '))
        ?.value ?? '',
    )?.[1];
    const ownFolders = folders?.split(' ').map((one) => `/app/${one}`) ?? [];
    const volumes = new Set<string>();
    for (const [, service] of services) {
      for (const needed of Object.keys(service.depends_on))
        expect(compose.services).toHaveProperty(needed);
      for (const [volume = '', folder] of service.volumes.map((mount) => mount.split(':'))) {
        volumes.add(volume);
        expect(['/data', ...ownFolders]).toContain(folder);
      }
    }
    expect([...volumes].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });

  it('runs the simulator in the demo alone, which leads every simulated host to it', () => {
    expect(services.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual([
      'studio-sim',
    ]);
    const { SIM_PORT } = compose.services['studio-sim']?.environment ?? {};
    const demo = Object.fromEntries(
      [...read('docker/demo.env').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value]) => [
        name,
        value,
      ]),
    );
    expect(demo['COMPOSE_PROFILES']).toBe('demo');
    expect(demo['AI_STUDIO_CA']).toBe(compose.services['studio-sim']?.environment['AI_STUDIO_CA']);
    const { AI_STUDIO_RESOLVE } = loadConfig(demo);
    expect(AI_STUDIO_RESOLVE).toHaveProperty(['aistudio.google.com:443']);
    for (const place of Object.values(AI_STUDIO_RESOLVE))
      expect(place).toBe(`studio-sim:${SIM_PORT}`);
  });
});

describe('the Dockerfile', () => {
  const instructions = parseDockerfile(read('Dockerfile'));
  const values = (name: string): string[] =>
    instructions.filter((instruction) => instruction.name === name).map(({ value }) => value);

  it('names what it builds on with a whole version', () => {
    for (const image of values('FROM'))
      expect(image).toMatch(/^node:24\.\d+\.\d+-bookworm-slim( AS \w+)?$/);
    const { packageManager } = z
      .object({ packageManager: z.string() })
      .parse(JSON.parse(read('package.json')));
    expect(values('RUN').join()).toContain(`npm install --global ${packageManager}`);
  });

  it('follows hadolint’s rules that concern it', () => {
    const known = ['FROM', 'WORKDIR', 'ENV', 'RUN', 'COPY', 'USER', 'CMD']; // no ADD, MAINTAINER, SHELL
    for (const { name } of instructions) expect(known).toContain(name);
    for (const folder of values('WORKDIR')) expect(folder).toMatch(/^\//);
    for (const command of values('RUN')) {
      expect(command).not.toMatch(/\bsudo\b|\bcd |\||apt |curl|wget/);
      if (!command.includes('apt-get install')) continue;
      expect(command).toMatch(/^apt-get update &&/);
      expect(command).toContain('--yes --no-install-recommends');
      expect(command).toMatch(/rm -rf \/var\/lib\/apt\/lists\/\*$/);
    }
    for (const command of values('CMD')) expect(JSON.parse(command)).toBeInstanceOf(Array);
  });

  it('ends as an ordinary user', () => {
    expect(values('USER')).toEqual(['node']);
    const after = instructions.slice(instructions.findIndex(({ name }) => name === 'USER') + 1);
    expect(after.map(({ name }) => name)).toEqual(['ENV', 'CMD']);
  });

  it('copies no secret', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const secret of [
      '.env',
      'auth_profiles',
      'certs/*.pem',
      '*.profile.json',
      '.git',
      'data',
      'logs',
    ])
      expect(ignored).toContain(secret);
  });
});
