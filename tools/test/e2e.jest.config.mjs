import { join } from 'node:path';
import base from '../../jest.config.mjs';

/** The stories of e2e/: real processes, one file at a time. */
export default {
  ...base,
  rootDir: join(import.meta.dirname, '../..'),
  testMatch: ['<rootDir>/e2e/**/*.test.ts'],
  testTimeout: 120_000,
  globalSetup: join(import.meta.dirname, 'sweep-setup.mjs'),
};
