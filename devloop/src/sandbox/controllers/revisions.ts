import type { ControllerRevision, DaemonSet, PodTemplate, StatefulSet } from '../store/objects.ts';
import { sameJson } from '../store/same-json.ts';
import type { ControllerContext } from './context.ts';
import { deleteObject } from './delete-object.ts';
import { controllerReference } from './owners.ts';
import { templateHash } from './template-hash.ts';

/** The label of pods that says which revision they are of. */
export const revisionLabel = 'controller-revision-hash';

type Owner = StatefulSet | DaemonSet;

/** The revisions of an owner, oldest first. */
export function revisionsOf({ store }: ControllerContext, owner: Owner): ControllerRevision[] {
  const own = store.controlledBy('ControllerRevision', owner.metadata.namespace ?? '', owner.metadata.uid);
  return own.sort((one, other) => one.revision - other.revision);
}

/**
 * The revision of the owner's template, which gets the highest number: a new one, or one that was there before.
 * https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/controller/history/controller_history.go
 * @param labels beside the hash
 */
export function newestRevision(
  context: ControllerContext,
  owner: Owner,
  labels: { readonly [key: string]: string },
): ControllerRevision {
  const { store } = context;
  const { namespace = '', name } = owner.metadata;
  const known = revisionsOf(context, owner);
  const data = { spec: { template: { ...structuredClone(owner.spec.template), $patch: 'replace' } } };
  const same = known.find((revision) => sameJson(revision.data, data));
  const next = (known.at(-1)?.revision ?? 0) + 1;
  if (same && same === known.at(-1)) return same;
  if (same) {
    return store.update('ControllerRevision', namespace, same.metadata.name, (copy) => {
      copy.revision = next;
    });
  }
  const hash = templateHash(owner.spec.template, owner.status?.collisionCount);
  return store.create('ControllerRevision', {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...owner.spec.template.metadata?.labels, ...labels, [hashLabelOf(owner)]: hash },
      ownerReferences: [controllerReference(owner)],
    },
    data,
    revision: next,
  });
}

/** Under which label the hash is: the two controllers have always had their own. */
const hashLabelOf = ({ kind }: Owner): string =>
  kind === 'DaemonSet' ? revisionLabel : 'controller.kubernetes.io/hash';

/** The template that a revision stands for. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = (data as { spec: { template: { $patch: string } } }).spec.template;
  return template as PodTemplate;
}

/** Removes the oldest revisions that nothing uses, beyond what `revisionHistoryLimit` keeps. */
export function truncateHistory(context: ControllerContext, owner: Owner, used: ReadonlySet<string>): void {
  const unused = revisionsOf(context, owner).filter(
    ({ metadata }) => !used.has(metadata.name) && !used.has(hashOf(metadata.labels)),
  );
  const limit = owner.spec.revisionHistoryLimit ?? 10;
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - limit))) {
    deleteObject(context, 'ControllerRevision', metadata.namespace ?? '', metadata.name);
  }
}

const hashOf = (labels: { [key: string]: string } | undefined): string => labels?.[revisionLabel] ?? '';
