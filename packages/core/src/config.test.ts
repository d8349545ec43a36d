import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { configVariables, loadConfig, readEnvironment } from './config.ts';

const example = join(import.meta.dirname, '../../../.env.example');

describe('loadConfig', () => {
  it('fills in defaults, and takes an empty value for none', () => {
    expect(loadConfig({ PORT: '', STREAM_PORT: '0' })).toMatchObject({
      PORT: 2048,
      STREAM_PORT: 0,
    });
  });

  it('names every fault in one message', () => {
    const load = (): unknown => loadConfig({ PORT: '70000', HEADLESS: 'perhaps' });
    expect(load).toThrow(/PORT[\s\S]*HEADLESS|HEADLESS[\s\S]*PORT/);
  });

  it('takes off for a switch that is off', () => {
    expect(loadConfig({}).PAGE_EVIDENCE).toBe(true);
    expect(loadConfig({ PAGE_EVIDENCE: 'off' }).PAGE_EVIDENCE).toBe(false);
  });

  it('reads where to connect instead', () => {
    const { AI_STUDIO_RESOLVE } = loadConfig({
      AI_STUDIO_RESOLVE: 'AIStudio.google.com:443=127.0.0.1:8443,accounts.google.com:443=[::1]:1',
    });
    expect(AI_STUDIO_RESOLVE).toEqual({
      'aistudio.google.com:443': '127.0.0.1:8443',
      'accounts.google.com:443': '[::1]:1',
    });
    expect(() => loadConfig({ AI_STUDIO_RESOLVE: 'aistudio.google.com=1.2.3.4' })).toThrow(
      'AI_STUDIO_RESOLVE',
    );
  });
});

describe('the helper’s settings', () => {
  it('are a web address and a map of model names', () => {
    const { HELPER_ENDPOINT, HELPER_MODEL_MAP } = loadConfig({
      HELPER_ENDPOINT: 'https://generativelanguage.googleapis.com/v1beta/openai',
      HELPER_MODEL_MAP: 'gemini-2.5-pro=google/gemini-2.5-pro, a = b',
    });
    expect(HELPER_ENDPOINT).toBe('https://generativelanguage.googleapis.com/v1beta/openai');
    expect(HELPER_MODEL_MAP).toEqual({ 'gemini-2.5-pro': 'google/gemini-2.5-pro', a: 'b' });
    expect(() => loadConfig({ HELPER_MODEL_MAP: 'a' })).toThrow('HELPER_MODEL_MAP');
    expect(() => loadConfig({ HELPER_ENDPOINT: 'file:///etc/passwd' })).toThrow('HELPER_ENDPOINT');
  });
});

describe('the settings of a proxy', () => {
  it('are addresses with or without a scheme, also in small letters', () => {
    const { UNIFIED_PROXY_CONFIG, HTTPS_PROXY, HTTP_PROXY, NO_PROXY } = loadConfig({
      UNIFIED_PROXY_CONFIG: 'socks5://me:p%40ss@proxy.test:1080',
      https_proxy: 'proxy.test:3128',
      HTTP_PROXY: '',
      http_proxy: 'http://ignored.test',
      no_proxy: 'localhost, .example.com',
    });
    expect(UNIFIED_PROXY_CONFIG?.href).toBe('socks5://me:p%40ss@proxy.test:1080');
    expect(HTTPS_PROXY?.href).toBe('http://proxy.test:3128/');
    expect(HTTP_PROXY).toBeUndefined();
    expect(NO_PROXY).toEqual(['localhost', '.example.com']);
  });

  it.each(['ftp://me:secret@proxy.test', 'socks4://me:secret@proxy.test', 'http://me:secret@'])(
    'are refused without being repeated: %s',
    (address) => {
      const load = (): unknown => loadConfig({ UNIFIED_PROXY_CONFIG: address });
      expect(load).toThrow(/^(?!.*secret)[\s\S]*socks5:\/\/[\s\S]*UNIFIED_PROXY_CONFIG/);
    },
  );
});

describe('readEnvironment', () => {
  it('takes from the file only what the environment lacks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aistudio-config-'));
    const file = join(folder, '.env');
    writeFileSync(file, 'PATH=/nowhere\nFROM_THE_FILE="two words"\n');
    const environment = readEnvironment(file);
    expect(readEnvironment(file, ['FROM_THE_FILE'])).not.toHaveProperty('FROM_THE_FILE');
    rmSync(folder, { recursive: true });
    expect(environment['FROM_THE_FILE']).toBe('two words');
    expect(environment['PATH']).not.toBe('/nowhere');
    expect(readEnvironment(file)).not.toHaveProperty('FROM_THE_FILE');
  });
});

describe('.env.example', () => {
  it('documents every variable with its meaning and default, and no other', () => {
    const entries = readFileSync(example, 'utf8').matchAll(/^# (.+)\n# ([A-Z_]+)=(.*)$/gm);
    const documented = Array.from(entries, ([, description, name, value]) => ({
      name,
      description,
      default: value,
    }));
    expect(documented).toEqual(configVariables);
  });
});
