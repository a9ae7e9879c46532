/** One Jest configuration for the whole tree; nx passes the folder of the project. */
export default {
  rootDir: import.meta.dirname,
  testMatch: ['**/src/**/*.test.ts', '<rootDir>/tools/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.nx/', '/\\.minos/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.minos/', '<rootDir>/.nx/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  cacheDirectory: '<rootDir>/.cache/jest',
  watchman: false,
  errorOnDeprecated: true,
};
