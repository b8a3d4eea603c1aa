/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/{devloop,apps,helm,e2e}/**/*.test.{ts,tsx}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.next/'],
  modulePathIgnorePatterns: ['/dist/', '/\\.next/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': '<rootDir>/jest.transform.mjs' },
  testTimeout: 20_000,
};
