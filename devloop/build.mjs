// Bundles the command and the config API. Split chunks keep the start of `devloop` small: what only one command
// needs (Ink, the Kubernetes client, chokidar) is loaded when that command runs.
import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
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

// What images get for live updates: the runner on Node as one file; those for a shell, and the layers' Dockerfiles,
// as they are.
await build({
  absWorkingDir: root,
  entryPoints: { runner: 'src/live/runner/main.ts', standby: 'src/live/runner/standby-preload.ts' },
  outdir: 'dist/runner',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node18',
  minifySyntax: true,
  logLevel: 'warning',
});
const copied = [];
for (const folder of ['src/live/shell', 'src/live/image']) {
  for (const name of await readdir(path.join(root, folder))) {
    await copyFile(path.join(root, folder, name), path.join(root, 'dist/runner', name));
    copied.push(name);
  }
}

/**
 * Yoga, Ink's layout, has its program in a data URL and asks `fetch` for it, which takes Node some 50 ms to load. Without
 * one it decodes the program itself.
 */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup: ({ onLoad }) =>
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replaceAll(/"function"\s*!=\s*typeof fetch/g, 'true');
      if (contents === text)
        throw new Error('Yoga asks for fetch in another way now: see how long the first frame takes');
      return { contents };
    }),
};

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
  plugins: [yogaWithoutFetch],
  metafile: true,
});

// Chunks of an earlier build go last, so that a devloop that runs meanwhile does not lose what it is about to load.
await removeOthers('dist', [
  'pod-hook.cjs',
  'runner',
  ...Object.keys(metafile.outputs).map((file) => path.basename(file)),
]);
await removeOthers('dist/runner', ['runner.cjs', 'standby.cjs', ...copied]);

async function removeOthers(folder, written) {
  for (const name of await readdir(path.join(root, folder))) {
    if (!written.includes(name)) await rm(path.join(root, folder, name), { recursive: true });
  }
}
