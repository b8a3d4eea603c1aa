import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { HookSettings, PortClaim } from './settings.ts';

/** The ports of a pod that this process listens on. */
export interface PortClaims {
  /** @returns false when another process of the pod, or this one, listens there already */
  readonly take: (port: number, loopback: boolean) => boolean;
  /** Says which real port it became. */
  readonly publish: (port: number, real: number, loopback: boolean) => void;
  readonly release: (port: number) => void;
}

export function createPortClaims({ network, address, container }: HookSettings): PortClaims {
  const folder = path.join(network, address);
  const own = new Set<number>();
  const fileOf = (port: number) => path.join(folder, String(port));

  const write = (port: number, real: number, loopback: boolean, flag: 'wx' | 'w') => {
    const claim: PortClaim = { port: real, loopback, pid: process.pid, container };
    fs.writeFileSync(fileOf(port), JSON.stringify(claim), { flag, mode: 0o600 });
  };
  const release = (port: number) => {
    if (own.delete(port)) fs.rmSync(fileOf(port), { force: true });
  };
  // A process that a signal ends leaves its files: the node removes them.
  process.on('exit', () => {
    for (const port of [...own]) release(port);
  });

  return {
    take: (port, loopback) => {
      if (own.has(port)) return false;
      try {
        write(port, 0, loopback, 'wx');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
        if (isHeld(fileOf(port))) return false;
        write(port, 0, loopback, 'w');
      }
      own.add(port);
      return true;
    },
    publish: (port, real, loopback) => {
      if (!own.has(port)) return;
      // A rename, so that nobody reads half of it.
      const draft = path.join(folder, `.${port}.${process.pid}`);
      const claim: PortClaim = { port: real, loopback, pid: process.pid, container };
      fs.writeFileSync(draft, JSON.stringify(claim), { mode: 0o600 });
      fs.renameSync(draft, fileOf(port));
    },
    release,
  };
}

/** True while the process that wrote the claim lives. This process has left it, or `own` would know. */
function isHeld(file: string): boolean {
  try {
    const { pid } = JSON.parse(fs.readFileSync(file, 'utf8')) as PortClaim;
    if (!pid || pid === process.pid) return false;
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
