import type { Container, Probe } from '../../objects.ts';
import { canonicalQuantity } from '../../quantity.ts';

/** `Always` for `:latest` and no tag, as Kubernetes. An image named by its digest has no tag that could move. */
function pullPolicyOf(image: string | undefined): string {
  if (!image) return 'IfNotPresent';
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultHttpGet(action: { httpGet?: { path?: string; scheme?: string } } | undefined): void {
  if (!action?.httpGet) return;
  action.httpGet.path ||= '/';
  action.httpGet.scheme ||= 'HTTP';
}

function defaultProbe(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  defaultHttpGet(probe);
  if (probe.grpc) probe.grpc.service ??= '';
}

export function canonicalQuantities(amounts: Record<string, string> | undefined): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) if (amounts) amounts[name] = canonicalQuantity(amount);
}

/** https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/core/v1/defaults.go */
export function defaultContainer(container: Container): void {
  container.imagePullPolicy ||= pullPolicyOf(container.image);
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.resources ??= {};
  canonicalQuantities(container.resources.limits);
  canonicalQuantities(container.resources.requests);
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const { valueFrom } of container.env ?? []) if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= 'v1';
  for (const { valueFrom } of container.env ?? [])
    if (valueFrom?.resourceFieldRef)
      valueFrom.resourceFieldRef.divisor = canonicalQuantity(valueFrom.resourceFieldRef.divisor ?? '0');
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) defaultProbe(probe);
  defaultHttpGet(container.lifecycle?.postStart);
  defaultHttpGet(container.lifecycle?.preStop);
}

/** What is limited and not asked for is asked for as much as it is limited. Of pods only, not of templates. */
export function defaultRequests({ resources }: Container): void {
  if (!resources?.limits) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}
