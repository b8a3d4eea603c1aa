import { byName } from '../../../lib/by-name.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { Container } from '../../store/objects.ts';
import { expand } from './expand.ts';
import { type Allocatable, fieldValue, type PodFacts, resourceValue } from './field-ref.ts';
import { serviceEnv } from './service-env.ts';

/** A container cannot be made of what its spec refers to: `CreateContainerConfigError`. */
export class ConfigError extends Error {}

const isVariableName = (name: string) => /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name);
type Data = Readonly<Record<string, string>>;

/** Reads what env of a spec refers to. */
function createSources(store: ObjectStore, namespace: string) {
  const configMap = (name: string, optional: boolean | undefined): Data | undefined => {
    const found = store.get('ConfigMap', namespace, name);
    if (!found && !optional) throw new ConfigError(`configmap "${name}" not found`);
    return found && (found.data ?? {});
  };
  const secret = (name: string, optional: boolean | undefined): Data | undefined => {
    const found = store.get('Secret', namespace, name);
    if (!found && !optional) throw new ConfigError(`secret "${name}" not found`);
    const entries = Object.entries(found?.data ?? {});
    return found && Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
  };
  const key = (data: Data | undefined, of: { key: string; optional?: boolean }, where: string): string | undefined => {
    if (!data) return undefined;
    if (Object.hasOwn(data, of.key)) return data[of.key];
    if (of.optional) return undefined;
    throw new ConfigError(`couldn't find key ${of.key} in ${where}`);
  };
  return { configMap, secret, key };
}

/**
 * The env that the spec gives a container, references resolved.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables)
 * @throws ConfigError in the kubelet's words
 */
export function containerEnv(
  store: ObjectStore,
  facts: PodFacts,
  container: Container,
  allocatable: Allocatable,
): Record<string, string> {
  const { metadata, spec } = facts.pod;
  const namespace = metadata.namespace ?? '';
  const sources = createSources(store, namespace);
  const result = byName<string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? sources.configMap(configMapRef.name ?? '', configMapRef.optional)
      : secretRef && sources.secret(secretRef.name ?? '', secretRef.optional);
    for (const [name, value] of Object.entries(data ?? {})) {
      if (isVariableName(prefix + name)) result[prefix + name] = value;
    }
  }
  const services = serviceEnv(store.list('Service'), namespace, spec.enableServiceLinks ?? true);
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (!valueFrom) {
      result[name] = expand(value ?? '', { ...services, ...result });
      continue;
    }
    const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
    let found: string | undefined;
    if (configMapKeyRef) {
      const of = configMapKeyRef.name ?? '';
      const data = sources.configMap(of, configMapKeyRef.optional);
      found = sources.key(data, configMapKeyRef, `ConfigMap ${namespace}/${of}`);
    } else if (secretKeyRef) {
      const of = secretKeyRef.name ?? '';
      found = sources.key(sources.secret(of, secretKeyRef.optional), secretKeyRef, `Secret ${namespace}/${of}`);
    } else if (fieldRef) {
      found = fieldValue(facts, fieldRef.fieldPath);
    } else if (resourceFieldRef) {
      const { resource, divisor, containerName } = resourceFieldRef;
      const of = spec.containers.find((one) => one.name === containerName) ?? container;
      found = resourceValue(of, resource, divisor === undefined ? undefined : String(divisor), allocatable);
    }
    if (found !== undefined) result[name] = found;
  }
  return { ...services, ...result };
}
