import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { output } from '../harness/command.ts';
import { root } from '../harness/paths.ts';

export type PartName = 'dockerd' | 'etcd' | 'apiserver' | 'kcm' | 'scheduler' | 'kubelet' | 'addons';

const script = path.join(root, 'e2e/cluster/cluster');

/** A process of the repository's own cluster, which can be broken and mended. */
export class ClusterPart {
  readonly #name: PartName;
  readonly #file: string;

  /** @param home the folder of the cluster, DEVLOOP_CLUSTER_HOME */
  constructor(name: PartName, home: string) {
    this.#name = name;
    this.#file = path.join(home, 'state/run', name);
  }

  /** Ends it as its own service manager would. */
  stop(): Promise<string> {
    return this.#do('stop');
  }

  /** Starts it, or does nothing where it runs; resolves when it answers. */
  start(): Promise<string> {
    return this.#do('start');
  }

  kill(): void {
    process.kill(this.pid, 'SIGKILL');
    // The script would take it for running until its parent has asked after it.
    rmSync(this.#file);
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  get pid(): number {
    return Number(readFileSync(this.#file, 'utf8').split(' ')[0]);
  }

  #do(what: string): Promise<string> {
    return output(script, [what, this.#name]);
  }
}
