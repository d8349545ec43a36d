import { reporters, shared } from './jest.config.mjs';

export default {
  ...shared,
  reporters,
  testMatch: ['<rootDir>/e2e/soak/**/*.soak.ts'],
  testTimeout: 4 * 3_600_000,
};
