import { shared } from './jest.config.mjs';

/**
 * Mutation tests: `pnpm test:mutation [--mutate 'packages/core/src/condition.ts']`. Each mutant changes one
 * thing in the code, and at least one unit test of its package should then fail.
 */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    config: { ...shared, testMatch: ['<rootDir>/packages/*/src/**/*.test.ts'] },
    enableFindRelatedTests: true,
  },
  coverageAnalysis: 'perTest',
  mutate: [
    'packages/core/src/**/*.ts',
    'packages/wire/src/**/*.ts',
    'packages/browser-driver/src/{job,slots,tiers}/**/*.ts',
    'packages/stream-proxy/src/**/*.ts',
    'packages/api/src/jobs/**/*.ts',
    '!**/*.test.ts',
    '!**/main.ts',
    '!**/testing/**',
    '!**/__fixtures__/**',
  ],
  ignorePatterns: ['docs', 'e2e', 'bench', 'fixtures', 'logs', 'data', 'errors', '**/dist'],
  reporters: ['clear-text', 'html'],
  htmlReporter: { fileName: 'reports/mutation.html' },
  tsconfigFile: 'no-tsconfig.json', // it would rewrite ours with an API that TypeScript 7 has no more
  tempDirName: '.stryker-tmp',
  clearTextReporter: { allowColor: false, reportTests: false },
  timeoutMS: 5000,
  concurrency: 2,
};
