import type { Clock } from '../../model/clock.ts';
import type { Faults } from '../faults.ts';
import type { NodeAccess } from '../node/node-access.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ObjectRules, PodStreams, Presentation } from './parts.ts';

/** What the API server is put together from. */
export interface ServerParts {
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** What clients must send as `Authorization: Bearer TOKEN`. */
  readonly token: string;
  readonly rules: ObjectRules;
  readonly present: Presentation;
  readonly streams: PodStreams;
  readonly node: Pick<NodeAccess, 'stats'>;
  readonly faults: Faults;
}
