import type { V1Ingress } from '@kubernetes/client-node';
import type { EndpointSlice, Endpoints, Json, Service } from '../../store/objects.ts';
import { type Column, columnsOf, text, untypedColumns, wide } from './column.ts';
import { labelText } from './label-selectors.ts';

const none = '<none>';

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/printers/internalversion/printers.go */
export const networkColumns: Readonly<Record<string, readonly Column[]>> = {
  Service: columnsOf(
    'Service',
    [
      text('Type', ({ spec }) => spec.type),
      text('Cluster-IP', ({ spec }) => (spec.type === 'ExternalName' ? none : spec.clusterIP || none)),
      text('External-IP', externalIP),
      text('Port(s)', servicePorts),
    ],
    [wide('Selector', ({ spec }) => labelText(spec.selector))],
  ),
  Endpoints: columnsOf('Endpoints', [text('Endpoints', endpointsText)]),
  EndpointSlice: columnsOf('EndpointSlice', [
    text('AddressType', ({ addressType }) => addressType),
    text('Ports', slicePorts),
    text('Endpoints', sliceEndpoints),
  ]),
  Ingress: untypedColumns<Json<V1Ingress>>([
    text('Class', ({ spec }) => spec?.ingressClassName ?? none),
    text(
      'Hosts',
      ({ spec }) =>
        firstFew(
          (spec?.rules ?? []).map(({ host }) => host || '*'),
          3,
        ) || '*',
    ),
    text('Address', ({ status }) =>
      (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '').join(','),
    ),
    text('Ports', ({ spec }) => (spec?.tls?.length ? '80, 443' : '80')),
  ]),
  IngressClass: untypedColumns<{
    spec?: { controller?: string; parameters?: { kind: string; name: string; apiGroup?: string } };
  }>([
    text('Controller', ({ spec }) => spec?.controller ?? ''),
    text('Parameters', ({ spec }) => {
      const { kind, name, apiGroup } = spec?.parameters ?? {};
      return kind ? `${kind}${apiGroup ? `.${apiGroup}` : ''}/${name}` : none;
    }),
  ]),
  NetworkPolicy: untypedColumns<{ spec?: { podSelector?: { matchLabels?: Record<string, string> } } }>([
    text('Pod-Selector', ({ spec }) => labelText(spec?.podSelector?.matchLabels)),
  ]),
};

/** The first so many, and how many more there are. */
function firstFew(all: readonly string[], most: number): string {
  const rest = all.length - most;
  return `${all.slice(0, most).join(',')}${rest > 0 ? ` + ${rest} more...` : ''}`;
}

function externalIP({ spec, status }: Service): string {
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  const own = spec.externalIPs ?? [];
  if (spec.type !== 'LoadBalancer') return own.join(',') || none;
  const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...given, ...own].join(',') || '<pending>';
}

function servicePorts({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(
    ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`,
  );
  return ports.join(',') || none;
}

function endpointsText({ subsets = [] }: Endpoints): string {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length > 0
      ? ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`))
      : addresses.map(({ ip }) => ip),
  );
  return firstFew(all, 3) || none;
}

function slicePorts({ ports }: EndpointSlice): string {
  const numbers = (ports ?? []).map(({ port }) => (port === undefined ? '*' : String(port)));
  return firstFew(numbers, 3) || '<unset>';
}

function sliceEndpoints({ endpoints }: EndpointSlice): string {
  return (
    firstFew(
      (endpoints ?? []).flatMap(({ addresses }) => addresses),
      3,
    ) || '<unset>'
  );
}
