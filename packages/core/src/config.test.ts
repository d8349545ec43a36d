import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { configVariables, loadConfig } from './config.ts';

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

describe('times', () => {
  it.each([
    'QUEUE_TIMEOUT',
    'RESPONSE_COMPLETION_TIMEOUT',
    'SILENCE_TIMEOUT_MS',
    'HELPER_CONNECT_TIMEOUT_MS',
  ])('%s is refused where it would fire at once', (name) => {
    expect(() => loadConfig({ [name]: '0' })).toThrow('0 would end every request at once');
    expect(() => loadConfig({ [name]: String(2 ** 31) })).toThrow(name);
    expect(() => loadConfig({ [name]: '1000000000' })).not.toThrow();
  });

  it('may be 0 where that means at once or never', () => {
    const config = loadConfig({ SHUTDOWN_GRACE_MS: '0', BLANK_LINES_AFTER_MS: '0' });
    expect(config).toMatchObject({ SHUTDOWN_GRACE_MS: 0, BLANK_LINES_AFTER_MS: 0 });
  });
});

describe('ports', () => {
  it('must differ where both are on one address', () => {
    const same = { PORT: '3120', STREAM_PORT: '3120' };
    expect(() => loadConfig(same)).toThrow('PORT and STREAM_PORT are both 3120');
    expect(() => loadConfig({ ...same, HOST: '0.0.0.0' })).toThrow('both 3120');
    expect(() => loadConfig({ ...same, STREAM_HOST: 'stream-proxy' })).not.toThrow();
    expect(() => loadConfig({ PORT: '0', STREAM_PORT: '0' })).not.toThrow();
  });
});

describe('CORS_ORIGINS', () => {
  it('are compared as browsers send them', () => {
    const CORS_ORIGINS =
      'https://Chat.Example/, http://localhost:3000/path, app://obsidian.md/, null, *';
    expect(loadConfig({ CORS_ORIGINS }).CORS_ORIGINS).toEqual([
      'https://chat.example',
      'http://localhost:3000',
      'app://obsidian.md',
      'null',
      '*',
    ]);
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
