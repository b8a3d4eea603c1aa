import type { ClusterKind } from './cluster.ts';

const byName: readonly (readonly [RegExp, ClusterKind])[] = [
  [/^minikube$/, 'minikube'],
  [/^kind-(.+)$/, 'kind'],
  [/^k3d-(.+)$/, 'k3d'],
  [/^docker-(?:desktop|for-desktop)$/, 'docker-desktop'],
  [/^rancher-desktop$/, 'rancher-desktop'],
  [/^colima(?:-.+)?$/, 'colima'],
  [/^orbstack$/, 'orbstack'],
  [/^microk8s$/, 'microk8s'],
];

/** Clusters whose nodes have an image store of their own. */
const loading: ReadonlySet<ClusterKind> = new Set(['kind', 'k3d', 'microk8s']);

export interface LocalContext {
  readonly kind: ClusterKind;
  /** kind's or k3d's name of the cluster. */
  readonly profile?: string;
  readonly images: 'shared' | 'load';
}

/** The local cluster that a context's name stands for, by the names that the tools give; undefined for any other. */
export function localContext(context: string): LocalContext | undefined {
  for (const [pattern, kind] of byName) {
    const found = pattern.exec(context);
    if (found) return { kind, images: loading.has(kind) ? 'load' : 'shared', ...(found[1] && { profile: found[1] }) };
  }
  return undefined;
}
