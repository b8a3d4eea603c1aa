import type { NamedCheck } from '../check.ts';
import { applies } from './apply.ts';
import { deployments } from './deployments.ts';
import { discovery } from './discovery.ts';
import { failingPods } from './failing-pods.ts';
import { helms } from './helm.ts';
import { jobs } from './jobs.ts';
import { kubectls } from './kubectl.ts';
import { kubectlChanges } from './kubectl-changes.ts';
import { lifecycle } from './lifecycle.ts';
import { lists } from './lists.ts';
import { logs } from './logs.ts';
import { objects } from './objects.ts';
import { ownership } from './ownership.ts';
import { patches } from './patches.ts';
import { pods } from './pods.ts';
import { replicas } from './replicas.ts';
import { services } from './services.ts';
import { statefulsets } from './statefulsets.ts';
import { streams } from './streams.ts';
import { validation } from './validation.ts';
import { watches } from './watches.ts';

/** Every check; those that wait for containers first, so that none of them is left alone at the end. */
export const allChecks: readonly NamedCheck[] = [
  ...statefulsets,
  ...helms,
  ...deployments,
  ...replicas,
  ...lifecycle,
  ...pods,
  ...failingPods,
  ...jobs,
  ...ownership,
  ...logs,
  ...streams,
  ...services,
  ...kubectls,
  ...kubectlChanges,
  ...watches,
  ...lists,
  ...discovery,
  ...objects,
  ...validation,
  ...patches,
  ...applies,
];
