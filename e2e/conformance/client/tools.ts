import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type HelmMajor, helmBinary, kubectlBinary } from '../../../helm/test/helm-binaries.ts';
import { run } from '../../harness/command.ts';

/** What a program said and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real kubectl and helm, pointed at one target, with all that they keep in a folder of ours. */
export class Tools {
  readonly env: NodeJS.ProcessEnv;
  readonly #kubectl: string;
  readonly #helm: Readonly<Record<HelmMajor, string>>;

  private constructor(env: NodeJS.ProcessEnv, kubectl: string, helm: Readonly<Record<HelmMajor, string>>) {
    this.env = env;
    this.#kubectl = kubectl;
    this.#helm = helm;
  }

  /** @param folder an empty folder for caches and settings, which the caller removes */
  static async find(kubeconfig: string, folder: string): Promise<Tools> {
    const home = path.join(folder, 'home');
    await mkdir(home, { recursive: true });
    const env = {
      ...{ PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig, TZ: 'UTC' },
      ...{ KUBECACHEDIR: path.join(folder, 'kube-cache'), HELM_CACHE_HOME: path.join(folder, 'helm-cache') },
      ...{ HELM_CONFIG_HOME: path.join(folder, 'helm-config'), HELM_DATA_HOME: path.join(folder, 'helm-data') },
    };
    return new Tools(env, await kubectlBinary(), { 3: await helmBinary(3), 4: await helmBinary(4) });
  }

  get kubectlFile(): string {
    return this.#kubectl;
  }

  async kubectl(namespace: string, args: readonly string[], input?: string): Promise<Said> {
    return this.#run(this.#kubectl, ['--namespace', namespace, ...args], input);
  }

  async helm(major: HelmMajor, namespace: string, args: readonly string[]): Promise<Said> {
    return this.#run(this.#helm[major], ['--namespace', namespace, ...args]);
  }

  async #run(file: string, args: readonly string[], input?: string): Promise<Said> {
    const options = { env: this.env, timeout: 90_000, ...(input === undefined ? {} : { input }) };
    const { code, stdout, stderr } = await run(file, args, options);
    return { code, stdout, stderr };
  }
}
