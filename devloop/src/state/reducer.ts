import type { StampedEvent } from '../model/events.ts';
import type { KubeEventView } from '../model/pod.ts';
import { podsOf } from './of-service.ts';
import { probeFailure } from './probe-failure.ts';
import { onActionEvent } from './reduce-action.ts';
import { onBuildEvent } from './reduce-build.ts';
import { onConnected } from './reduce-connected.ts';
import { onDeployEvent } from './reduce-deploy.ts';
import { keepHistory } from './reduce-history.ts';
import { onConfigReloaded, onEdit, onStarted } from './reduce-project.ts';
import { onPodUpdate, onUpdateEvent } from './reduce-update.ts';
import { onPodsStats } from './reduce-usage.ts';
import { onWorkloadEvent } from './reduce-workloads.ts';
import type { LoopState, PodState } from './state.ts';
import { serviceOrNew, withNotice, without, withoutGhost, withPod, withService } from './update.ts';
import { usualAfter } from './usual-latency.ts';

const probesKept = 120;
const eventsKept = 50;
const commandsKept = 200;

/** The state after an event. Log lines are not state, but for those of builds: they go to the log store. */
export const reduce = (state: LoopState, event: StampedEvent): LoopState =>
  keepHistory(reduceEvent(state, event), event);

function reduceEvent(state: LoopState, event: StampedEvent): LoopState {
  switch (event.type) {
    case 'loop.started':
      return onStarted(state, event);
    case 'loop.stopping':
      return { ...state, status: 'stopping' };
    case 'config.reloaded':
      return onConfigReloaded(state, event);
    case 'config.rejected':
      return { ...state, configProblem: event.problem };
    case 'edit':
      return onEdit(state, event);
    case 'watch.paused':
    case 'watch.resumed':
    case 'watch.held':
    case 'watch.released':
    case 'service.toggled':
    case 'rebuild.asked':
    case 'rollback.asked':
    case 'release.green':
    case 'service.health':
      return onActionEvent(state, event);
    case 'build.started':
    case 'build.step':
    case 'build.succeeded':
    case 'build.failed':
    case 'build.cancelled':
      return onBuildEvent(state, event);
    case 'update.started':
    case 'update.prepared':
    case 'update.refused':
    case 'update.failed':
    case 'update.unavailable':
      return onUpdateEvent(state, event);
    case 'pod.update':
      return onPodUpdate(state, event);
    case 'deploy.started':
    case 'deploy.succeeded':
    case 'deploy.failed':
      return onDeployEvent(state, event);
    case 'pod.changed': {
      const known = state.pods[event.pod.uid];
      const { ready, readySince = event.at } = event.pod;
      const firstReadyAt = known?.firstReadyAt ?? (ready ? readySince : undefined);
      const pod: PodState = { probes: [], ...known, view: event.pod, firstReadyAt };
      return withService(withPod(state, pod), serviceOrNew(state, event.pod.service, event.at));
    }
    case 'pod.removed':
      return withoutGhost({ ...state, pods: without(state.pods, event.uid) }, event.service);
    case 'workload.changed':
    case 'workload.removed':
      return onWorkloadEvent(state, event);
    case 'container.crashed': {
      const pod = state.pods[event.uid];
      if (!pod) return state;
      const { container, exitCode, reason, lines, at } = event;
      return withPod(state, { ...pod, crash: { container, exitCode, reason, lines, at } });
    }
    case 'probe.result': {
      const pod = state.pods[event.result.uid];
      if (!pod) return state;
      const { kind, ok, latency } = event.result;
      const probes = [...pod.probes, event.result].slice(-probesKept);
      const usual = ok && { latency: { ...pod.latency, [kind]: usualAfter(pod.latency?.[kind], latency) } };
      return withPod(state, { ...pod, probes, ...usual });
    }
    case 'pods.stats':
      return onPodsStats(state, event);
    case 'kubernetes.event': {
      const service = state.services[event.event.service];
      if (!service) return state;
      const others = service.events.filter((known) => known.uid !== event.event.uid);
      const events = [...others, event.event].slice(-eventsKept);
      return withService(withProbeFailure(state, event.event), { ...service, events });
    }
    case 'forward.changed':
      return { ...state, forwards: { ...state.forwards, [event.forward.local]: event.forward } };
    case 'forward.removed':
      return { ...state, forwards: without(state.forwards, String(event.local)) };
    case 'service.live': {
      const service = state.services[event.service];
      if (!service || (service.live && service.live.edit > event.edit)) return state;
      const by = service.deployed && event.edit > service.deployed.edit ? ('sync' as const) : ('image' as const);
      const live = { edit: event.edit, by, at: event.at, timing: event.ms };
      return withService(state, { ...service, live, changed: service.edit <= event.edit ? [] : service.changed });
    }
    case 'command.started':
      return { ...state, commands: [...state.commands, event.command].slice(-commandsKept) };
    case 'command.ended':
      return {
        ...state,
        commands: state.commands.map((known) => (known.id === event.command.id ? event.command : known)),
      };
    case 'cluster.lost':
      return { ...state, clusterLost: event.why };
    case 'cluster.connected':
      return onConnected(state);
    case 'notice':
      return withNotice(state, { at: event.at, level: event.level, text: event.text });
    case 'log':
      return state;
    default:
      return event satisfies never;
  }
}

function withProbeFailure(state: LoopState, event: KubeEventView): LoopState {
  const pod = podsOf(state, event.service).find(({ view }) => view.name === event.object.name);
  const result = pod && probeFailure(event, pod);
  if (!result) return state;
  // The kubelet's word comes later than the results of devloop's own probes.
  const probes = [...pod.probes, result].sort((a, b) => a.at - b.at).slice(-probesKept);
  return withPod(state, { ...pod, probes });
}
