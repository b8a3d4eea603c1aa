import type { Kubectl, KubeObject } from './kubectl.ts';

/** A pod of a small service that listens on port 8080. */
export interface LivePod {
  readonly name: string;
  readonly uid: string;
  /** How often its container was started anew. */
  readonly restarts: number;
  /** What it answers on a path, asked through the API server. */
  readonly get: (path: string) => Promise<string>;
  readonly delete: () => Promise<unknown>;
}

export function podOf(kubectl: Kubectl, { metadata, status }: KubeObject): LivePod {
  const { name, uid } = metadata;
  const proxy = `/api/v1/namespaces/${kubectl.namespace}/pods/${name}:8080/proxy`;
  return {
    name,
    uid,
    restarts: status?.containerStatuses?.[0]?.restartCount ?? 0,
    get: (path) => kubectl.try('get', '--raw', `${proxy}${path}`),
    delete: () => kubectl.run('delete', 'pod', name, '--wait=false'),
  };
}
