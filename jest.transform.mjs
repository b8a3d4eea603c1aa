// TypeScript and JSX to ESM with the esbuild that already bundles the CLI: one compiler for tests and product.
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

export default {
  process: (source, file) =>
    transformSync(source, {
      loader: file.endsWith('x') ? 'tsx' : 'ts',
      format: 'esm',
      target: 'node22',
      jsx: 'automatic',
      sourcemap: 'inline',
      sourcefile: file,
    }),
  getCacheKey: (source, file) => createHash('sha256').update(`${version}\0${file}\0${source}`).digest('hex'),
};
