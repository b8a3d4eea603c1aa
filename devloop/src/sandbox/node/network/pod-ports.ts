import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { PortClaim } from '../pod-hook/settings.ts';

/** Who listens where: the files that the hooks write into a folder for each pod's address. */
export interface PodPorts {
  readonly open: (address: string) => void;
  /**
   * The port on 127.0.0.1 that stands for a pod's port; undefined: nobody listens.
   * @param own true for a connection from inside the pod, which reaches its loopback too
   */
  readonly find: (address: string, port: number, own: boolean) => number | undefined;
  /** Keeps a free local port for a container that listens on a port of its env. */
  readonly reserve: (address: string, container: string, port: number) => Promise<number>;
  /** Forgets what a container listened on: its processes have ended. */
  readonly clear: (address: string, container: string) => void;
  readonly close: (address: string) => void;
}

/** @param folder absolute; `network` of the node */
export function createPodPorts(folder: string): PodPorts {
  const folderOf = (address: string) => path.join(folder, address);
  const read = (address: string, port: number | string): PortClaim | undefined => {
    try {
      return JSON.parse(readFileSync(path.join(folderOf(address), String(port)), 'utf8')) as PortClaim;
    } catch {
      return undefined;
    }
  };
  return {
    open: (address) => void mkdirSync(folderOf(address), { recursive: true, mode: 0o700 }),
    find: (address, port, own) => {
      const claim = read(address, port);
      return claim && claim.port > 0 && (own || !claim.loopback) ? claim.port : undefined;
    },
    reserve: async (address, container, port) => {
      const real = await freePort();
      const claim: PortClaim = { port: real, loopback: false, pid: 0, container };
      writeFileSync(path.join(folderOf(address), String(port)), JSON.stringify(claim), { mode: 0o600 });
      return real;
    },
    clear: (address, container) => {
      for (const name of readNames(folderOf(address))) {
        const claim = read(address, name);
        if (!claim || claim.container === container) rmSync(path.join(folderOf(address), name), { force: true });
      }
    },
    close: (address) => rmSync(folderOf(address), { recursive: true, force: true }),
  };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });
}
