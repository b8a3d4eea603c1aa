import { output, run } from './command.ts';

export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly containerStatuses?: readonly { readonly restartCount: number }[] };
}

/** Namespaces of scenarios begin with it; `npm run e2e` removes those that a killed run left. */
export const namespacePrefix = 'devloop-e2e-';

/** A namespace of the cluster under test, through kubectl; every call names its context and namespace. */
export class Kubectl {
  readonly namespace: string;
  readonly context: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(context: string, namespace: string, env: NodeJS.ProcessEnv) {
    this.context = context;
    this.namespace = namespace;
    this.#env = env;
  }

  /** Runs kubectl, which has to succeed, and gives its output. */
  run(...args: string[]): Promise<string> {
    return output('kubectl', [...this.#scope(), ...args], { env: this.#env });
  }

  /** As `run`, for a call that may fail: gives all that it said. */
  async try(...args: string[]): Promise<string> {
    const { stdout, stderr } = await run('kubectl', [...this.#scope(), ...args], { env: this.#env });
    return stdout + stderr;
  }

  /** Makes an object, or changes it. */
  async apply(object: object): Promise<void> {
    const args = [...this.#scope(), 'apply', '--filename', '-'];
    await output('kubectl', args, { env: this.#env, input: JSON.stringify(object) });
  }

  async list(kinds: string): Promise<KubeObject[]> {
    const list: { items: KubeObject[] } = JSON.parse(await this.run('get', kinds, '--output', 'json'));
    return list.items;
  }

  /** The pods of one of the two apps that are not on their way out. */
  async pods(component: 'backend' | 'frontend'): Promise<KubeObject[]> {
    const pods = await this.list('pods');
    const labels = pods.filter((pod) => pod.metadata.labels?.['app.kubernetes.io/component'] === component);
    return labels.filter((pod) => !pod.metadata.deletionTimestamp);
  }

  async podUids(): Promise<string[]> {
    const pods = await this.list('pods');
    return pods.map((pod) => pod.metadata.uid).sort();
  }

  async namespaceExists(): Promise<boolean> {
    return (await this.run('get', 'namespace', this.namespace, '--ignore-not-found', '--output', 'name')) !== '';
  }

  /**
   * Removes the namespace and waits until all in it is gone. The pods are not given their grace period, and their
   * objects not left to the kubelet, which takes half a minute to report them gone.
   */
  async deleteNamespace(): Promise<void> {
    if (!(await this.namespaceExists())) return;
    // Once it is terminating, no controller can make new pods.
    await this.run('delete', 'namespace', this.namespace, '--wait=false');
    await this.run('delete', 'pods', '--all', '--force', '--grace-period=0');
    await this.run('wait', '--for=delete', `namespace/${this.namespace}`, '--timeout=110s');
  }

  #scope(): string[] {
    return ['--context', this.context, '--namespace', this.namespace];
  }
}
