import { timestamp } from '../store/object-store.ts';
import { isRecord } from './http/read-body.ts';

/** A kind that is only asked, never stored. */
export interface Review {
  readonly group: 'authorization.k8s.io' | 'authentication.k8s.io';
  readonly version: 'v1';
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  /** What the answer's `status` says: everybody who has the token may do everything. */
  readonly status: (spec: Record<string, unknown>) => Record<string, unknown>;
}

const userInfo = { username: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] };
const allowed = () => ({ allowed: true });
const rules = () => ({
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
});

const review = (group: Review['group'], kind: string, status: Review['status'], namespaced = false): Review => ({
  group,
  version: 'v1',
  kind,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced,
  status,
});

/** https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
export const reviews: readonly Review[] = [
  review('authentication.k8s.io', 'SelfSubjectReview', () => ({ userInfo })),
  review('authentication.k8s.io', 'TokenReview', ({ audiences }) => ({
    authenticated: true,
    user: userInfo,
    ...(Array.isArray(audiences) && { audiences }),
  })),
  review('authorization.k8s.io', 'LocalSubjectAccessReview', allowed, true),
  review('authorization.k8s.io', 'SelfSubjectAccessReview', allowed),
  review('authorization.k8s.io', 'SelfSubjectRulesReview', rules),
  review('authorization.k8s.io', 'SubjectAccessReview', allowed),
];

export const reviewAt = (group: string, version: string, plural: string): Review | undefined =>
  reviews.find((known) => known.group === group && known.version === version && known.plural === plural);

/** The review that answers a question. @param now epoch milliseconds */
export function answerReview(
  { group, version, kind, status }: Review,
  body: Record<string, unknown>,
  now: number,
): Record<string, unknown> {
  const spec = isRecord(body['spec']) ? body['spec'] : {};
  return {
    kind,
    apiVersion: `${group}/${version}`,
    metadata: { creationTimestamp: timestamp(now) },
    ...(kind !== 'SelfSubjectReview' && { spec }),
    status: status(spec),
  };
}
