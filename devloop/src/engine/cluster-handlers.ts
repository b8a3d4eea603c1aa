import type { Store } from '../state/store.ts';
import type { ClusterHandlers } from './outside.ts';

/** What the cluster tells, as events; but for its secrets, which no event has. */
export const clusterHandlers = ({ dispatch, hide }: Pick<Store, 'dispatch' | 'hide'>): ClusterHandlers => ({
  pod: (pod) => dispatch({ type: 'pod.changed', pod }),
  podRemoved: ({ uid, name, service }) => dispatch({ type: 'pod.removed', uid, name, service }),
  workload: (workload) => dispatch({ type: 'workload.changed', workload }),
  workloadRemoved: ({ uid, name }) => dispatch({ type: 'workload.removed', uid, name }),
  event: (event) => dispatch({ type: 'kubernetes.event', event }),
  secrets: hide,
  unmasked: (why) =>
    dispatch({
      type: 'notice',
      level: 'warning',
      text: `The values of Secrets are not masked in what is shown: ${why}`,
    }),
  lost: (why) => dispatch({ type: 'cluster.lost', why }),
  connected: () => dispatch({ type: 'cluster.connected' }),
});
