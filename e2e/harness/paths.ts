import path from 'node:path';

/** The repository's root. */
export const root = path.resolve(import.meta.dirname, '../..');

/** The built command under test. */
export const cli = path.join(root, 'devloop/dist/cli.js');

export const artifacts = path.join(root, 'e2e/artifacts');
