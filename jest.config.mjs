import { fileURLToPath } from 'node:url';

/** How every test runs, in whichever project. */
export const shared = {
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp'], // copies of the project
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', explicitResourceManagement: true },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** What is printed, and that a run ends. */
export const reporters = ['default', fileURLToPath(import.meta.resolve('./jest.reporter.mjs'))];

export default {
  testTimeout: 60_000,
  reporters,
  testSequencer: fileURLToPath(import.meta.resolve('./jest.sequencer.mjs')),
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages/*/src,e2e}/**/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/**/*.e2e.ts'],
    },
  ],
};
