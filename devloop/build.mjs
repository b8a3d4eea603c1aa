// Bundles the command and the config API. Split chunks keep the start of `devloop` small: what only one command
// needs (Ink, the Kubernetes client, chokidar) is loaded when that command runs.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;

// What the sandbox preloads into each Node program that it runs as a container: one file, and nothing else.
await build({
  absWorkingDir: root,
  entryPoints: { 'pod-hook': 'src/sandbox/node/pod-hook/hook.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  logLevel: 'warning',
});

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', 'sandbox-thread': 'src/cli/sandbox-thread.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  jsx: 'automatic',
  sourcemap: true,
  minifySyntax: true,
  // esbuild is a native binary; the devtools are an optional part of Ink that a user never loads.
  external: ['esbuild', 'react-devtools-core'],
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: {
    js: "import { createRequire as devloopCreateRequire } from 'node:module'; const require = devloopCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
  metafile: true,
});

// Chunks of an earlier build go last, so that a devloop that runs meanwhile does not lose what it is about to load.
const written = new Set(['pod-hook.cjs', ...Object.keys(metafile.outputs).map((file) => path.basename(file))]);
for (const file of await readdir(path.join(root, 'dist'))) {
  if (!written.has(file)) await rm(path.join(root, 'dist', file), { recursive: true });
}
