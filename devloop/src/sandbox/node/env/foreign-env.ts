import path from 'node:path';

const hookedPrograms = new Set(['node', 'npm', 'npx', 'next', 'yarn', 'pnpm', 'tsx']);

/** True for programs that the pod hook runs in, and that need no other values in their env. */
export const runsTheHook = (program: string): boolean => hookedPrograms.has(path.basename(program));

/** What stands for a container's own ports and for services in the env of a program without the hook. */
export interface LocalPorts {
  /** Port of the container to the local one that is reserved for it. */
  readonly own: ReadonlyMap<number, number>;
  /** The local port of a service's port; undefined when there is no such service. */
  readonly service: (namespace: string, name: string, port: number) => number | undefined;
}

/**
 * Env values for a program that listens and connects without the hook: a value that is one of the container's ports
 * becomes the local port, and `name:port` of a service becomes `127.0.0.1:port`, inside URLs too.
 */
export function foreignEnv(
  env: Readonly<Record<string, string>>,
  namespace: string,
  { own, service }: LocalPorts,
): Record<string, string> {
  const replaceServices = (value: string) =>
    value.replace(
      /(?<![\w.-])([a-z][a-z0-9-]*)(?:\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?)?:(\d{1,5})(?!\d)/g,
      (whole, name: string, other: string | undefined, port: string) => {
        const local = service(other ?? namespace, name, Number(port));
        return local === undefined ? whole : `127.0.0.1:${local}`;
      },
    );
  const replaced = Object.entries(env).map(([name, value]) => {
    const local = /^\d{1,5}$/.test(value) ? own.get(Number(value)) : undefined;
    if (local !== undefined) return [name, String(local)] as const;
    // There may be thousands of variables, most of them of services.
    return [name, value.includes(':') ? replaceServices(value) : value] as const;
  });
  return Object.fromEntries(replaced);
}
