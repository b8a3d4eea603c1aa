import type { Service } from '../../store/objects.ts';

/**
 * The variables that tell of services, as Docker's links did. A pod sees the services of its own namespace, and of
 * `default` only `kubernetes`; without service links that one alone.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/envvars/envvars.go
 */
export function serviceEnv(services: readonly Service[], namespace: string, links: boolean): Record<string, string> {
  const seen = services.filter(({ metadata, spec }) => {
    if (!spec.clusterIP || spec.clusterIP === 'None') return false;
    if (metadata.namespace === 'default' && metadata.name === 'kubernetes') return true;
    return links && metadata.namespace === namespace;
  });
  return Object.assign({}, ...seen.map(variablesOf));
}

function variablesOf({ metadata, spec }: Service): Record<string, string> {
  const prefix = metadata.name.toUpperCase().replaceAll('-', '_');
  const host = spec.clusterIP ?? '';
  const [first] = spec.ports ?? [];
  if (!first) return {};
  const env: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: host,
    [`${prefix}_SERVICE_PORT`]: String(first.port),
  };
  for (const { name, port } of spec.ports ?? []) {
    if (name) env[`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`] = String(port);
  }
  env[`${prefix}_PORT`] = `${(first.protocol ?? 'TCP').toLowerCase()}://${host}:${first.port}`;
  for (const { port, protocol = 'TCP' } of spec.ports ?? []) {
    const link = `${prefix}_PORT_${port}_${protocol}`;
    env[link] = `${protocol.toLowerCase()}://${host}:${port}`;
    env[`${link}_PROTO`] = protocol.toLowerCase();
    env[`${link}_PORT`] = String(port);
    env[`${link}_ADDR`] = host;
  }
  return env;
}
