import { type Kind, kinds } from '../../store/kinds.ts';
import { type Review, reviews } from '../reviews.ts';
import { type GroupVersion, groupVersions } from './discovery.ts';
import { subresourceKind, verbsOf } from './subresource-kinds.ts';

/** The version of aggregated discovery that a client asks for. */
export type AggregatedVersion = 'v2' | 'v2beta1';

/**
 * All of discovery in one answer, of `/api` or `/apis`.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 * @param core true for `/api`
 */
export const aggregatedDiscovery = (core: boolean, version: AggregatedVersion): Record<string, unknown> => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: groupVersions.filter(({ group }) => (group === '') === core).map(groupItem),
});

const groupItem = (served: GroupVersion) => ({
  metadata: { creationTimestamp: null, ...(served.group && { name: served.group }) },
  versions: [
    {
      version: served.version,
      resources: [
        ...kinds.filter((kind) => isIn(kind, served)).map(kindItem),
        ...reviews.filter((review) => isIn(review, served)).map(reviewItem),
      ].sort((one, other) => (one.resource < other.resource ? -1 : 1)),
      freshness: 'Current',
    },
  ],
});

const isIn = (one: GroupVersion, { group, version }: GroupVersion): boolean =>
  one.group === group && one.version === version;

const scopeOf = ({ namespaced }: { readonly namespaced: boolean }) => (namespaced ? 'Namespaced' : 'Cluster');

const kindItem = (kind: Kind) => ({
  resource: kind.plural,
  responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
  scope: scopeOf(kind),
  singularResource: kind.singular,
  verbs: verbsOf(kind),
  ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
  ...(kind.categories.length > 0 && { categories: kind.categories }),
  ...(kind.subresources.length > 0 && {
    subresources: kind.subresources.map((name) => {
      const { verbs, ...responseKind } = subresourceKind(kind, name);
      return { subresource: name, responseKind, verbs };
    }),
  }),
});

const reviewItem = (review: Review) => ({
  resource: review.plural,
  responseKind: { group: review.group, version: review.version, kind: review.kind },
  scope: scopeOf(review),
  singularResource: review.singular,
  verbs: ['create'],
});
