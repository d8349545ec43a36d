import { fileURLToPath } from 'node:url';

import { shared } from './jest.config.mjs';

/**
 * Mutation tests: `pnpm test:mutation [--mutate FILE,FILE] [--incremental]`. Each mutant changes one thing
 * in the code, and at least one unit test of its package should then fail. `--incremental` tries only
 * what has changed since the last run, or survived it while a test of it has changed.
 */
export default {
  testRunner: 'jest-reaching-tests',
  plugins: ['@stryker-mutator/jest-runner', './stryker.plugins.mjs'],
  ignorers: ['log-lines'],
  // Strings are words for people or members of a union, which the type check holds; and Lua.
  mutator: { excludedMutations: ['StringLiteral'] },
  jest: {
    projectType: 'custom',
    config: {
      ...shared,
      testEnvironment: fileURLToPath(import.meta.resolve('./stryker.environment.cjs')),
      projects: ['<rootDir>'], // not those of jest.config.mjs, which Stryker reads first
      testMatch: ['<rootDir>/packages/*/src/**/*.test.ts'],
      testTimeout: 60_000,
    },
    enableFindRelatedTests: true,
  },
  coverageAnalysis: 'perTest',
  mutate: [
    'packages/core/src/**/*.ts',
    'packages/wire/src/**/*.ts',
    'packages/browser-driver/src/{job,slots,tiers}/**/*.ts',
    'packages/stream-proxy/src/**/*.ts',
    'packages/api/src/jobs/**/*.ts',
    // Mainly scripts that run inside Redis: e2e/operations/job-events.e2e.ts, e2e/api/queue.e2e.ts
    '!packages/core/src/{job-events,job-readers,cooldowns,model-lists}.ts',
    '!packages/api/src/jobs/queue/{fair-turn,queue-places}.ts',
    '!**/*.test.ts',
    '!**/main.ts',
    '!**/testing/**',
    '!**/__fixtures__/**',
  ],
  ignorePatterns: ['e2e', 'bench', 'fixtures', 'logs', 'data', 'errors', '**/dist'],
  reporters: ['clear-text', 'html'],
  htmlReporter: { fileName: 'reports/mutation.html' },
  tsconfigFile: 'no-tsconfig.json', // it would rewrite ours with an API that TypeScript 7 has no more
  tempDirName: '.stryker-tmp',
  clearTextReporter: { allowColor: false, reportTests: false },
  timeoutMS: 4000,
  incrementalFile: 'reports/mutation.json',
  concurrency: 2,
};
