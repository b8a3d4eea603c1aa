// Answers of a real Kubernetes 1.20.2 API server to POST and PUT with ?dryRun=All, and how to compare ours with them.
import { readFileSync } from 'node:fs';
import { ApiError } from '../../../src/sandbox/store/api-error.ts';
import { kindOf } from '../../../src/sandbox/store/kinds.ts';
import { type NewObject, ObjectStore } from '../../../src/sandbox/store/object-store.ts';
import type { KubeObject } from '../../../src/sandbox/store/objects.ts';
import { createRules } from '../../../src/sandbox/store/rules/create-rules.ts';
import { loadFieldTypes } from '../../../src/sandbox/store/rules/types/field-types.ts';

export type Answer = Record<string, unknown>;

export interface Creation {
  readonly name: string;
  readonly object: KubeObject;
  readonly answer: Answer;
}

export interface Update {
  readonly name: string;
  readonly before: KubeObject;
  readonly after: KubeObject;
  readonly answer: Answer;
}

/** One case a line. */
const recorded = <T>(file: string): T[] =>
  readFileSync(new URL(`./recordings/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

export const creations = (): Creation[] => recorded('creates.jsonl');
export const updates = (): Update[] => recorded('updates.jsonl');

export const namespace = 'sbx-rules';

/** A store as the recorded cluster was: a namespace with its service account, and the API's own Service. */
export async function rulesLikeTheCluster() {
  await loadFieldTypes();
  const store = new ObjectStore({ now: () => Date.UTC(2026, 0, 1) });
  store.create('Namespace', { metadata: { name: namespace } });
  store.create('ServiceAccount', { metadata: { name: 'default', namespace } });
  store.create('Service', {
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] },
  });
  const rules = createRules(store);
  const inNamespace = (object: KubeObject): KubeObject =>
    kindOf(object.kind).namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
  const prepare = (object: KubeObject) => rules.prepareCreate(kindOf(object.kind), inNamespace(object));
  const create = (object: KubeObject): KubeObject =>
    store.create(object.kind as string, prepare(object) as unknown as NewObject<KubeObject>);
  const update = (before: KubeObject, after: KubeObject) =>
    rules.prepareUpdate(kindOf(before.kind), before, inNamespace(after));
  return { store, rules, prepare, create, update };
}

/** What an action answers: the object, or the error as the API's Status would say it. */
export function answerOf(action: () => unknown): Answer {
  try {
    return withoutVolatile(action() as Answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, reason, message, details } = error;
    return { code, reason, message, ...(details?.causes && { causes: details.causes }) };
  }
}

const volatile = new Set(['uid', 'creationTimestamp', 'resourceVersion', 'generation', 'selfLink', 'controller-uid']);

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).every((key) => isLeftOut(key));

const isLeftOut = (key: string): boolean =>
  volatile.has(key) || key.startsWith('batch.kubernetes.io/') || key === 'kubernetes.io/metadata.name';

/**
 * An answer without what differs from one creation to the next, and without what this sandbox knowingly does otherwise:
 * no service account tokens in files, labels of newer versions.
 */
export function withoutVolatile(answer: Answer): Answer {
  return JSON.parse(JSON.stringify(answer), (key, value: unknown) => {
    if (isLeftOut(key)) return undefined;
    if (key === 'labels' && isEmpty(value)) return undefined;
    if (Array.isArray(value)) {
      const kept = value.filter((item) => !/^default-token-/.test((item as { name?: string } | null)?.name ?? ''));
      return kept.length === 0 && value.length > 0 ? undefined : kept;
    }
    return value;
  }) as Answer;
}

/** Given by the allocator where the object did not ask for one. */
function withoutGiven(answer: Answer, asked: KubeObject): Answer {
  const spec = answer['spec'] as
    | { clusterIP?: string; clusterIPs?: string[]; ports?: { nodePort?: number }[] }
    | undefined;
  const wanted = asked['spec'] as typeof spec;
  if (asked.kind !== 'Service' || !spec) return answer;
  if (!wanted?.clusterIP) {
    if (spec.clusterIP) spec.clusterIP = 'given';
    if (spec.clusterIPs) spec.clusterIPs = ['given'];
  }
  for (const [index, port] of (spec.ports ?? []).entries())
    if (!wanted?.ports?.[index]?.nodePort && port.nodePort) port.nodePort = 30_000;
  return answer;
}

/** Where ours and the recorded answer agree in code and reason only, and why. */
export const onlyCodeAgrees: ReadonlyMap<string, string> = new Map([
  ...[
    'pod resources text',
    'configmap number',
    'configmap base64',
    'secret base64',
    'replicas text',
    'containers text',
    'port text',
    'env number',
    'labels number',
    'tty text',
  ].map((name) => [name, 'wrong JSON types are told in the words of newer versions'] as const),
  ['job selector', 'the message has a uid in it'],
  ['pod init probe', 'Go prints a pointer'],
  ['pod image', 'Go adds a difference of its structures'],
  ['pod command', 'Go adds a difference of its structures'],
  ['pvc size', 'Go adds a difference of its structures'],
  ['pvc mode', 'Go adds a difference of its structures'],
  ...['service ip', 'service to headless'].map((name) => [name, 'words of newer versions'] as const),
  ['job template', 'without its selector the real API has more to say'],
  ['job parallelism', 'without its selector the real API has more to say'],
]);

/** What is knowingly otherwise, and why. */
export const differences: ReadonlyMap<string, string> = new Map([
  ['job many', 'ttlSecondsAfterFinished is kept, as newer versions do'],
  ['secret docker json', 'the contents of a docker config are not parsed'],
  ['configmap dots', 'the order of the keys is random in Go'],
  ...['service port', 'service to nodeport', 'service from nodeport', 'service keep nodeport'].map(
    (name) => [name, 'a PUT that does not name the cluster IP keeps it, as newer versions do'] as const,
  ),
]);

/** What a test compares: everything, or code and reason. */
export function comparable(name: string, answer: Answer, asked: KubeObject): Answer {
  const text = JSON.stringify(withoutGiven(withoutVolatile(answer), asked)).replaceAll(
    'Ingress.extensions',
    'Ingress.networking.k8s.io',
  );
  const whole = JSON.parse(text) as Answer;
  return onlyCodeAgrees.has(name) ? { code: whole['code'], reason: whole['reason'] } : whole;
}
