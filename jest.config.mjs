/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/{devloop,apps,helm,e2e}/**/*.test.{ts,tsx}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.next/'],
  modulePathIgnorePatterns: ['/dist/', '/\\.next/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': '<rootDir>/jest.transform.mjs' },
  // By default one core is left idle, which on a machine with two is half of it.
  maxWorkers: '100%',
  // Tests that wait for a watcher's times; they take hardly any of a core.
  maxConcurrency: 12,
  testTimeout: 20_000,
};
