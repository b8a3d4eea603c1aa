import type { StampedEvent } from '../model/events.ts';
import { onActionEvent } from './reduce-action.ts';
import { onBuildEvent } from './reduce-build.ts';
import { onDeployEvent } from './reduce-deploy.ts';
import { onConfigReloaded, onEdit, onStarted } from './reduce-project.ts';
import { onPodUpdate, onUpdateEvent } from './reduce-update.ts';
import type { LoopState, PodState } from './state.ts';
import { serviceOrNew, withNotice, without, withoutGhost, withPod, withService } from './update.ts';

const probesKept = 120;
const eventsKept = 50;
const commandsKept = 200;

/** The state after an event. Log lines are not state: they go to the log store. */
export function reduce(state: LoopState, event: StampedEvent): LoopState {
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
      const pod: PodState = known ? { ...known, view: event.pod } : { view: event.pod, probes: [] };
      return withService(withPod(state, pod), serviceOrNew(state, event.pod.service, event.at));
    }
    case 'pod.removed':
      return withoutGhost({ ...state, pods: without(state.pods, event.uid) }, event.service);
    case 'workload.changed': {
      const workloads = { ...state.workloads, [event.workload.uid]: event.workload };
      return withService({ ...state, workloads }, serviceOrNew(state, event.workload.service, event.at));
    }
    case 'workload.removed': {
      const service = state.workloads[event.uid]?.service;
      const changed = { ...state, workloads: without(state.workloads, event.uid) };
      return service === undefined ? changed : withoutGhost(changed, service);
    }
    case 'container.crashed': {
      const pod = state.pods[event.uid];
      if (!pod) return state;
      const { container, exitCode, reason, lines, at } = event;
      return withPod(state, { ...pod, crash: { container, exitCode, reason, lines, at } });
    }
    case 'probe.result': {
      const pod = state.pods[event.result.uid];
      if (!pod) return state;
      return withPod(state, { ...pod, probes: [...pod.probes, event.result].slice(-probesKept) });
    }
    case 'kubernetes.event': {
      const service = state.services[event.event.service];
      if (!service) return state;
      const others = service.events.filter((known) => known.uid !== event.event.uid);
      return withService(state, { ...service, events: [...others, event.event].slice(-eventsKept) });
    }
    case 'forward.changed':
      return { ...state, forwards: { ...state.forwards, [event.forward.local]: event.forward } };
    case 'forward.removed':
      return { ...state, forwards: without(state.forwards, String(event.local)) };
    case 'service.live': {
      const service = state.services[event.service];
      if (!service || (service.live && service.live.edit > event.edit)) return state;
      const live = { edit: event.edit, at: event.at, timing: event.ms };
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
    case 'cluster.connected': {
      const { clusterLost: _, ...rest } = state;
      return rest;
    }
    case 'notice':
      return withNotice(state, { at: event.at, level: event.level, text: event.text });
    case 'log':
      return state;
    default:
      return event satisfies never;
  }
}
