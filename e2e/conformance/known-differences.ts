import type { Difference } from './values/compare.ts';

/** Differences of one check between the real cluster and the sandbox that stay, with the reason. */
export interface KnownDifference {
  /** The check's full name. */
  readonly check: string;
  /** One sentence, which docs/sandbox.md has too, word for word. */
  readonly why: string;
  /** All of the check's differences, exactly. */
  readonly differences: readonly Difference[];
}

/** What the sandbox does otherwise than a cluster. One that no longer occurs fails the run, as does one not listed. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    check: 'apply: the same value is shared',
    why: 'An empty object that is applied belongs to whoever applied it, as in newer Kubernetes, so that a later apply can turn an emptyDir into another volume.',
    differences: [
      { path: '2.0.manager', real: 'b', sandbox: 'a' },
      { path: '2.0.fieldsV1.f:data.f:x', real: {}, sandbox: undefined },
      {
        path: '2.1',
        real: undefined,
        sandbox: {
          manager: 'b',
          operation: 'Apply',
          apiVersion: 'v1',
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { 'f:x': {} } },
        },
      },
    ],
  },
  {
    check: 'discovery: resources of v1',
    why: 'Services can be deleted as a collection, as in newer Kubernetes.',
    differences: [
      { path: '13.verbs.2', real: 'get', sandbox: 'deletecollection' },
      { path: '13.verbs.3', real: 'list', sandbox: 'get' },
      { path: '13.verbs.4', real: 'patch', sandbox: 'list' },
      { path: '13.verbs.5', real: 'update', sandbox: 'patch' },
      { path: '13.verbs.6', real: 'watch', sandbox: 'update' },
      { path: '13.verbs.7', real: undefined, sandbox: 'watch' },
    ],
  },
  {
    check: 'objects: create with a version',
    why: 'A new object that names a resourceVersion is refused with 400, as in newer Kubernetes, where 1.20 answers 500.',
    differences: [
      { path: 'status', real: 500, sandbox: 400 },
      { path: 'body.code', real: 500, sandbox: 400 },
      { path: 'body.reason', real: undefined, sandbox: 'BadRequest' },
    ],
  },
  {
    check: 'objects: defaults of a Job',
    why: 'The pods of a Job carry the labels `batch.kubernetes.io/job-name` and `batch.kubernetes.io/controller-uid` of newer Kubernetes beside the old ones.',
    differences: [
      { path: 'template.metadata.labels.batch.kubernetes.io/controller-uid', real: undefined, sandbox: '<uid>' },
      { path: 'template.metadata.labels.batch.kubernetes.io/job-name', real: undefined, sandbox: 'one' },
    ],
  },
  {
    check: 'watches: an old version',
    why: 'A watch can begin at any version that the sandbox still remembers, even its first, which a cluster that has run for a while has forgotten.',
    differences: [
      { path: '0', real: 'ERROR', sandbox: 'ADDED' },
      { path: '1.kind', real: 'Status', sandbox: 'ConfigMap' },
      { path: '1.status', real: 'Failure', sandbox: undefined },
      { path: '1.reason', real: 'Expired', sandbox: undefined },
      { path: '1.code', real: 410, sandbox: undefined },
      { path: '2', real: 'too old resource version: N (N)', sandbox: 'undefined' },
    ],
  },
];
