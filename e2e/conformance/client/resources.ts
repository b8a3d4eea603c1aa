const groups: Readonly<Record<string, string>> = {
  deployments: 'apis/apps/v1',
  replicasets: 'apis/apps/v1',
  statefulsets: 'apis/apps/v1',
  daemonsets: 'apis/apps/v1',
  controllerrevisions: 'apis/apps/v1',
  jobs: 'apis/batch/v1',
  roles: 'apis/rbac.authorization.k8s.io/v1',
  ingresses: 'apis/networking.k8s.io/v1',
  networkpolicies: 'apis/networking.k8s.io/v1',
};

/**
 * The URL's path of a resource in a namespace.
 * @param resource plural, such as `pods` or `deployments`
 * @param rest the object's name, and a subresource: `web/scale`
 */
export function resourcePath(namespace: string, resource: string, rest?: string): string {
  const group = groups[resource] ?? 'api/v1';
  return `/${group}/namespaces/${namespace}/${resource}${rest === undefined ? '' : `/${rest}`}`;
}
