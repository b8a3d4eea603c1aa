import { podHealth } from '../../model/pod-health.ts';
import { formatStatus } from '../../plain/status-table.ts';
import { podsOf } from '../../state/of-service.ts';
import { type ServiceSummary, summarizeAll } from '../../state/service-summary.ts';
import type { LoopState } from '../../state/state.ts';
import { lookAtCluster } from '../look-at-cluster.ts';
import { type CommonOptions, wantsColor } from '../options.ts';
import { write } from '../output.ts';
import { type Session, withSession } from '../session.ts';

type StatusOptions = CommonOptions & { readonly json?: boolean };

/** `devloop status`: one look at the releases in the cluster. Exit code 1 when a service is not ready. */
export function status(options: StatusOptions): Promise<number> {
  return withSession(options, [], { docker: false, sandbox: 'look' }, (session) => printStatus(session, options));
}

async function printStatus(session: Session, options: StatusOptions): Promise<number> {
  const looking = new AbortController();
  const installed = await lookAtCluster(session, looking.signal);
  looking.abort();
  const state = session.store.getState();
  const summaries = summarizeAll(state).map((summary) => withoutRelease(state, summary, installed));
  if (options.json) write(`${JSON.stringify(asJson(state, summaries), null, 2)}\n`);
  else {
    const { target, project } = session;
    write(`${project.name} on ${target.context} (${target.why}), namespace ${project.namespace}\n`);
    write(`${formatStatus(summaries, { color: wantsColor(options), width: process.stdout.columns ?? 120 })}\n`);
  }
  return summaries.every((summary) => summary.phase === 'ready') ? 0 : 1;
}

/** A service of a release that is not there is not starting: it is not installed. */
function withoutRelease(state: LoopState, summary: ServiceSummary, installed: ReadonlySet<string>): ServiceSummary {
  const release = state.services[summary.name]?.spec?.release;
  if (release === undefined || installed.has(release)) return summary;
  return { ...summary, phase: 'waiting', reason: `release ${release} is not installed: devloop up` };
}

const asJson = (state: LoopState, summaries: readonly ServiceSummary[]) => ({
  project: state.project?.name,
  namespace: state.project?.namespace,
  cluster: state.cluster,
  releases: Object.values(state.releases).map(({ name, revision }) => ({ name, revision: revision ?? null })),
  services: summaries.map((summary) => ({
    ...summary,
    pods: podsOf(state, summary.name).map(({ view }) => ({
      name: view.name,
      ready: view.ready,
      ...podHealth(view),
      containers: view.containers.map(({ name, image, restarts, state: containerState }) => ({
        name,
        image,
        restarts,
        state: containerState,
      })),
    })),
  })),
});
