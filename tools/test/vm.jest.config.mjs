import { join } from 'node:path';
import base from '../../jest.config.mjs';

/** The stories of e2e/vm, which need a whole machine: `npm run e2e:vm`, one file at a time. */
export default {
  ...base,
  rootDir: join(import.meta.dirname, '../..'),
  testMatch: ['<rootDir>/e2e/vm/**/*.vm.ts'],
  testTimeout: 300_000,
  reporters: ['default', '<rootDir>/tools/test/vm-results-reporter.mjs'],
};
