import type { Dispatch } from '../state/store.ts';
import type { ClusterHandlers } from './outside.ts';

/** What the cluster tells, as events. */
export const clusterHandlers = (dispatch: Dispatch): ClusterHandlers => ({
  pod: (pod) => dispatch({ type: 'pod.changed', pod }),
  podRemoved: ({ uid, name, service }) => dispatch({ type: 'pod.removed', uid, name, service }),
  workload: (workload) => dispatch({ type: 'workload.changed', workload }),
  workloadRemoved: ({ uid, name }) => dispatch({ type: 'workload.removed', uid, name }),
  event: (event) => dispatch({ type: 'kubernetes.event', event }),
  lost: (why) => dispatch({ type: 'cluster.lost', why }),
  connected: () => dispatch({ type: 'cluster.connected' }),
});
