import type { ReplicaSet } from '../../store/objects.ts';
import { sizeAnnotations } from './annotations.ts';
import { component, type Rollout, sizeOf } from './rollout.ts';

/** Gives a replica set a new size, with the event. Returns it as it is then. */
export function scaleReplicaSet({ context, deployment }: Rollout, set: ReplicaSet, size: number): ReplicaSet {
  const { namespace = '', name } = set.metadata;
  const scaled = context.store.update('ReplicaSet', namespace, name, (copy) => {
    copy.spec.replicas = size;
    copy.metadata.annotations = { ...copy.metadata.annotations, ...sizeAnnotations(deployment) };
  });
  if (size !== sizeOf(set)) {
    const direction = size > sizeOf(set) ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${name} to ${size}`;
    context.events.record(deployment, 'Normal', 'ScalingReplicaSet', message, component);
  }
  return scaled;
}

/** The rollout with some of its replica sets replaced by what they are now. */
export function withSets(rollout: Rollout, changed: readonly ReplicaSet[]): Rollout {
  const now = (set: ReplicaSet) => changed.find(({ metadata }) => metadata.uid === set.metadata.uid) ?? set;
  return { ...rollout, newest: rollout.newest && now(rollout.newest), old: rollout.old.map(now) };
}
