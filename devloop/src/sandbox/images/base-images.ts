import type { LocalImage } from './local-image.ts';

/** Images that programs of this machine can stand for, by the last part of their name. */
const standIns: Readonly<
  Record<string, { readonly entrypoint: readonly string[]; readonly command: readonly string[] }>
> = {
  node: { entrypoint: [], command: ['node'] },
  busybox: { entrypoint: [], command: ['sh'] },
  alpine: { entrypoint: [], command: ['/bin/sh'] },
};

/**
 * What stands for a public image: `node` is Node.js, `busybox` and `alpine` are this machine's own shell and tools.
 * Undefined for every other image: no registry is ever asked.
 * @param folder absolute; where such a program starts
 */
export function findBaseImage(reference: string, folder: string): LocalImage | undefined {
  const name = /^(?:docker\.io\/)?(?:library\/)?([a-z]+)(?::[\w.-]+)?$/.exec(reference)?.[1];
  const program = name === undefined ? undefined : standIns[name];
  return program && { reference, id: `sandbox://${reference}`, ...program, folder, env: {} };
}
