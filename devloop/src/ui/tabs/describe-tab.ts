import { podsOf, workloadsOf } from '../../state/of-service.ts';
import type { PodState, ServiceState } from '../../state/state.ts';
import { describeContainer, describePod } from './describe-pod.ts';
import { describeService } from './describe-service.ts';
import { type Field, fieldRows } from './fields.ts';
import { blank, emptyRows, heading } from './make-rows.ts';
import type { TabContext, TabRow, TabRows } from './tab-row.ts';

/** What `kubectl describe` and the configuration tell: the service, its workloads, then its pods, the newest first. */
export const describeRows: TabRows = (context) => {
  const { state, service: name, columns } = context;
  const service = state.services[name];
  if (!service) return emptyRows(`There is no service ${name} now.`, columns);
  const pods = podsOf(state, name);
  const readyOf = (kind: string, workload: string) =>
    pods.filter(({ view }) => view.ready && view.workload.kind === kind && view.workload.name === workload).length;
  return [
    heading(`Service ${name}`, columns),
    ...fieldRows(describeService(state, service), columns),
    ...workloadsOf(state, name).flatMap(({ kind, name: workload, replicas, updated, observed, complaint }) => [
      blank,
      heading(`${kind} ${workload}`, columns),
      ...fieldRows(
        [
          {
            name: 'Pods',
            value: `${replicas} wanted, ${updated} of the newest version, ${readyOf(kind, workload)} ready`,
          },
          { name: 'Controller', value: observed ? '' : 'has not seen the newest version yet' },
          { name: 'Complaint', value: complaint ?? '', style: { color: 'red' } },
        ],
        columns,
      ),
    ]),
    ...pods.flatMap((pod) => [blank, ...podRows(pod, service, context)]),
    ...(pods.length === 0 ? [blank, ...emptyRows('No pods of it are in the cluster.', columns)] : []),
  ];
};

function podRows(pod: PodState, service: ServiceState, { columns, now }: TabContext): TabRow[] {
  const { view } = pod;
  return [
    heading(`Pod ${view.name}`, columns, view.deleting ? 'ending' : ''),
    ...fieldRows(describePod(pod, service, now), columns),
    ...view.containers.flatMap((container) => {
      const fields: Field[] = describeContainer(container, pod, now);
      const title = container.init ? `Init container ${container.name}` : `Container ${container.name}`;
      return [heading(`  ${title}`, columns), ...fieldRows(fields, columns, 4)];
    }),
  ];
}
