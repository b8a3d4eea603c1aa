import { apiVersionOf, type Kind } from '../../store/kinds.ts';

/** What discovery says of a subresource. */
export interface SubresourceKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const changing = ['get', 'patch', 'update'];
const proxied = ['create', 'delete', 'get', 'patch', 'update'];

/** The kind and verbs of a kind's subresource, as https://kubernetes.io/docs/reference/kubernetes-api/ has them. */
export function subresourceKind(owner: Kind, subresource: string): SubresourceKind {
  const own = { group: owner.group, version: owner.version };
  const core = { group: '', version: 'v1' };
  switch (subresource) {
    case 'scale':
      return { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: changing };
    case 'token':
      return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] };
    case 'eviction':
      return { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] };
    case 'binding':
      return { ...core, kind: 'Binding', verbs: ['create'] };
    case 'log':
      return { ...core, kind: owner.kind, verbs: ['get'] };
    case 'exec':
      return { ...core, kind: 'PodExecOptions', verbs: ['create', 'get'] };
    case 'attach':
      return { ...core, kind: 'PodAttachOptions', verbs: ['create', 'get'] };
    case 'portforward':
      return { ...core, kind: 'PodPortForwardOptions', verbs: ['create', 'get'] };
    case 'proxy':
      return { ...core, kind: `${owner.kind}ProxyOptions`, verbs: proxied };
    case 'finalize':
      return { ...own, kind: owner.kind, verbs: ['update'] };
    default:
      return { ...own, kind: owner.kind, verbs: changing };
  }
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A namespace is deleted one at a time. */
export const verbsOf = ({ kind }: Kind): readonly string[] =>
  kind === 'Namespace' ? allVerbs.filter((verb) => verb !== 'deletecollection') : allVerbs;

/** True when the subresource's kind belongs to another group version than its owner. */
export const isForeign = (owner: Kind, { group, version }: SubresourceKind): boolean =>
  apiVersionOf(owner) !== (group ? `${group}/${version}` : version);
