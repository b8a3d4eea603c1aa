import type { NamedCheck } from '../check.ts';
import { applies } from './apply.ts';
import { deployments } from './deployments.ts';
import { discovery } from './discovery.ts';
import { lifecycle } from './lifecycle.ts';
import { jobs } from './jobs.ts';
import { lists } from './lists.ts';
import { logs } from './logs.ts';
import { ownership } from './ownership.ts';
import { services } from './services.ts';
import { statefulsets } from './statefulsets.ts';
import { streams } from './streams.ts';
import { objects } from './objects.ts';
import { patches } from './patches.ts';
import { pods } from './pods.ts';
import { validation } from './validation.ts';
import { watches } from './watches.ts';

/** Every check; those that wait for containers first, so that none of them is left alone at the end. */
export const allChecks: readonly NamedCheck[] = [
  ...statefulsets,
  ...deployments,
  ...lifecycle,
  ...pods,
  ...jobs,
  ...ownership,
  ...logs,
  ...streams,
  ...services,
  ...watches,
  ...lists,
  ...discovery,
  ...objects,
  ...validation,
  ...patches,
  ...applies,
];
