import { formatDuration } from '../lib/duration.ts';
import { fileList } from '../lib/file-list.ts';
import { messageRow } from '../lib/message-lines.ts';
import type { EditTiming, StampedEvent } from '../model/events.ts';
import type { BuildStep } from '../model/operation.ts';
import { eventText } from '../state/event-text.ts';
import type { LoopState } from '../state/state.ts';
import { crashLines } from './crash-lines.ts';
import { workFailureLines } from './failure-lines.ts';
import { line, type PlainLine, problemLines } from './plain-line.ts';
import { probeLines } from './probe-lines.ts';

/** The lines that an event prints by itself, given the state before and after it; most events about pods print none. */
export function eventLines(event: StampedEvent, before: LoopState, after: LoopState): PlainLine[] {
  switch (event.type) {
    case 'loop.started': {
      const { project, cluster } = event;
      const names = project.services.map(({ name }) => name).join(', ');
      return [
        line(undefined, `cluster ${cluster.context}${cluster.why ? `: ${cluster.why}` : ''}`),
        line(undefined, `project ${project.name} in namespace ${project.namespace}: ${names}`),
      ];
    }
    case 'loop.stopping':
      return [line(undefined, `stopping: ${event.why}`)];
    case 'config.reloaded': {
      const changed = event.changed.length > 0 ? `: ${event.changed.join(', ')} changed` : ', nothing in it changed';
      return [line(undefined, `configuration reloaded${changed}`)];
    }
    case 'config.rejected':
      return problemLines(undefined, `${event.problem.title}; the last good configuration stays in use`, event.problem);
    case 'edit': {
      const parts = [...event.services, ...event.releases.map((name) => `release ${name}`)];
      return [
        line(
          undefined,
          `edit ${event.edit}: ${fileList(event.files)}${parts.length > 0 ? ` → ${parts.join(', ')}` : ''}`,
        ),
      ];
    }
    case 'build.started':
      return [line(event.service, `building edit ${event.edit}`)];
    case 'build.step':
      return stepLines(event.service, event.step, before);
    case 'build.succeeded': {
      const image = `${event.image.repository}:${event.image.tag}`;
      const text = event.reused
        ? `nothing to build, the daemon has ${image}`
        : `built ${image} in ${formatDuration(event.ms)}${event.unchanged ? ', the same as before' : ''}`;
      return [line(event.service, text)];
    }
    case 'build.failed':
    case 'update.failed':
    case 'deploy.failed':
      return workFailureLines(event, after);
    case 'build.cancelled':
      return [line(event.service, `build of edit ${event.edit} cancelled`, { dim: true })];
    case 'update.refused':
      return [line(event.service, `edit ${event.edit} takes a new image: ${event.why}`)];
    case 'update.prepared': {
      const files = `${event.files} ${event.files === 1 ? 'file' : 'files'}`;
      return [line(event.service, `sending edit ${event.edit} to its pods: ${files}`, { dim: true })];
    }
    case 'update.unavailable':
      return before.services[event.service]?.liveProblem?.why === event.problem.why
        ? []
        : problemLines(event.service, event.problem.title, event.problem);
    case 'pod.update':
      return event.update.problem ? problemLines(event.service, event.update.problem.title, event.update.problem) : [];
    case 'deploy.started':
      return [
        line(
          undefined,
          event.rollbackTo === undefined
            ? `deploying release ${event.release}`
            : `rolling release ${event.release} back to revision ${event.rollbackTo}`,
        ),
      ];
    case 'deploy.succeeded': {
      const how = {
        helm: `is at revision ${event.revision} in ${formatDuration(event.ms)}`,
        nothing: `is unchanged at revision ${event.revision}`,
        images: `got new images in ${formatDuration(event.ms)}`,
        rollback: `was rolled back, to revision ${event.revision}, in ${formatDuration(event.ms)}`,
      };
      return [line(undefined, `release ${event.release} ${how[event.by]}`)];
    }
    case 'container.crashed':
      return crashLines(event, before);
    case 'kubernetes.event': {
      const { uid, type, service } = event.event;
      // A repeated warning is the same Event with a higher count.
      const isKnown = before.services[service]?.events.some((known) => known.uid === uid) ?? false;
      if (type !== 'Warning' || isKnown) return [];
      return [line(service, `! ${messageRow(eventText(event.event))}`, { color: 'yellow' })];
    }
    case 'forward.removed':
      return [line(undefined, `http://localhost:${event.local} is no longer forwarded`)];
    case 'forward.changed':
      return forwardLines(event.forward, before);
    case 'service.live':
      return [line(event.service, `● edit ${event.edit} live in ${timing(event.ms)}`, { color: 'green' })];
    case 'cluster.lost':
      return before.clusterLost === undefined
        ? [line(undefined, `✗ cluster lost: ${messageRow(event.why)}; trying again`, { color: 'red' })]
        : [];
    case 'cluster.connected':
      return before.clusterLost === undefined ? [] : [line(undefined, 'the cluster answers again', { color: 'green' })];
    case 'notice':
      return [
        line(
          undefined,
          event.level === 'warning' ? `! ${event.text}` : event.text,
          event.level === 'warning' ? { color: 'yellow' } : {},
        ),
      ];
    case 'log': {
      const { service, source, text } = event.line;
      return [source === 'container' ? line(service, text) : line(service, text, { dim: true })];
    }
    case 'probe.result':
      return probeLines(event.result, before);
    case 'watch.paused':
      return before.paused ? [] : [line(undefined, 'watching is paused: edits are collected until it is resumed')];
    case 'watch.resumed':
      return [line(undefined, `watching is resumed; ${event.files} ${event.files === 1 ? 'file' : 'files'} waited`)];
    case 'watch.held':
      return before.held ? [] : [line(undefined, `git is at work: changed files wait (${event.why})`)];
    case 'watch.released':
      return [line(undefined, 'changed files go on')];
    case 'service.toggled':
      return [line(event.service, event.active ? 'active again' : 'inactive: not built, updated or forwarded')];
    case 'rebuild.asked':
      return [line(event.service, 'rebuild asked for')];
    case 'rollback.asked':
      return [line(event.service, 'rollback asked for')];
    case 'release.green':
    case 'service.health':
    case 'update.started':
    case 'pod.changed':
    case 'pod.removed':
    case 'workload.changed':
    case 'workload.removed':
    case 'pods.stats':
    case 'command.started':
    case 'command.ended':
      return [];
    default:
      return event satisfies never;
  }
}

type ForwardChange = Extract<StampedEvent, { type: 'forward.changed' }>['forward'];

function forwardLines(forward: ForwardChange, before: LoopState): PlainLine[] {
  const known = before.forwards[forward.local];
  const where = `http://localhost:${forward.local}`;
  if (forward.status === 'failed' && known?.status !== 'failed') {
    return [
      line(forward.service, `✗ port ${forward.local} is not forwarded: ${messageRow(forward.why ?? 'unknown cause')}`, {
        color: 'red',
      }),
    ];
  }
  if (forward.status === 'held' && forward.why && known?.why !== forward.why)
    return [line(forward.service, `✗ ${where}: ${messageRow(forward.why)}; connections wait`, { color: 'red' })];
  if (forward.status === 'ready' && known?.status === 'held' && known.why)
    return [line(forward.service, `${where} takes connections again`)];
  return known || forward.status === 'failed'
    ? []
    : [line(forward.service, `${where} leads to port ${forward.remote}`)];
}

/** A step of a build once it has ended. */
function stepLines(service: string, { id, name, status, ms }: BuildStep, before: LoopState): PlainLine[] {
  const build = before.services[service]?.build;
  const known = build?.status === 'running' ? build.steps.find((step) => step.id === id) : undefined;
  if (status === 'running' || known?.status === status) return [];
  const { glyph, how } = {
    done: { glyph: '✓', how: ms === undefined ? '' : ` (${formatDuration(ms)})` },
    cached: { glyph: '✓', how: ' (cached)' },
    failed: { glyph: '✗', how: ms === undefined ? ' (failed)' : ` (failed after ${formatDuration(ms)})` },
  }[status];
  return [line(service, `  ${glyph} ${name}${how}`, { dim: true })];
}

/** `143 ms: watch 16, build 42, deploy 5, ready 80`; parts of a second or more have their unit. */
function timing({ total, ...parts }: EditTiming): string {
  const text = (ms: number) => (total < 999.5 ? String(Math.round(ms)) : formatDuration(ms));
  const spent = Object.entries(parts).filter(([, ms]) => ms > 0);
  const split = spent.map(([name, ms]) => `${name} ${text(ms)}`).join(', ');
  return `${formatDuration(total)}${split ? `: ${split}` : ''}`;
}
