/** Names that a run chose: what stands for them in a value. */
export interface Names {
  readonly namespace: string;
  readonly server: string;
  readonly node: string;
}

// Kubernetes' alphabet of generated names: https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go
const random = '[bcdfghjklmnpqrstvwxz2456789]';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\b(docker|containerd|sandbox):\/\/[0-9a-f]{64}/g, '<container-id>'],
  [/\b(docker-pullable|docker|sandbox):\/\/[^\s"]+/g, '<image-id>'],
  [/\bsha256:[0-9a-f]{64}/g, '<image-id>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>'],
  [
    /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (\d\d )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( +\d+)? [\d: ]+( \+0000|UTC \d{4}|\d{4})?/g,
    '<time>',
  ],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4})?( UTC)?/g, '<time>'],
  [/resourceVersion: "\d+"/g, 'resourceVersion: <version>'],
  [/\b(10|172|192)\.\d+\.\d+\.\d+\b/g, '<ip>'],
  [new RegExp(`\\b([a-z][a-z0-9-]*?)-[a-z0-9]{7,10}-${random}{5}\\b`, 'g'), '$1-<hash>-<random>'],
  [new RegExp(`-${random}{5}\\b`, 'g'), '-<random>'],
  [new RegExp(`-(?=[a-z0-9]*\\d)${random}{8,10}\\b`, 'g'), '-<hash>'],
];

/** A value without what differs from run to run: names of the run, uids, times, addresses, generated names. */
export function normalise(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return normaliseText(value, names);
  if (Array.isArray(value)) return value.map((element) => normalise(element, names));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      normaliseText(key, names),
      byKey[key.slice(key.lastIndexOf('.') + 1)] ?? normalise(inner, names),
    ]),
  );
}

// Values that say nothing by themselves.
const byKey: Readonly<Record<string, string>> = {
  resourceVersion: '<version>',
  hostIP: '<ip>',
  'pod-template-hash': '<hash>',
  'controller-revision-hash': '<hash>',
};

function normaliseText(text: string, { namespace, server, node }: Names): string {
  const named = text.replaceAll(namespace, '<namespace>').replaceAll(server, '<server>');
  const plain = patterns.reduce((result, [pattern, word]) => result.replace(pattern, word), named);
  return plain.replace(new RegExp(`\\b${node}\\b`, 'g'), '<node>');
}
