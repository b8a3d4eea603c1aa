import type { Problem } from '../model/errors.ts';
import type { EditTiming, StampedEvent } from '../model/events.ts';
import { imageReference } from '../model/operation.ts';
import type { EditRun } from './history.ts';
import type { ServiceState } from './state.ts';

type Of<T extends StampedEvent['type']> = Extract<StampedEvent, { type: T }>;
type Change = (run: EditRun) => EditRun;

const editsKept = 50;
const filesKept = 20;

/** @param isOwn whether files of the service itself changed, and not only of its release */
export function withEdit(service: ServiceState, event: Of<'edit'>, isOwn: boolean): ServiceState {
  const run: EditRun = {
    edit: event.edit,
    files: event.files.slice(0, filesKept),
    fileCount: event.files.length,
    changedAt: event.changedAt,
    seenAt: event.at,
    result: 'running',
    ...(!isOwn && { way: 'helm' as const }),
  };
  return { ...service, edits: [...service.edits, run].slice(-editsKept) };
}

export function withBuildOfEdit(service: ServiceState, event: Of<'build.started' | EndOfBuild>): ServiceState {
  switch (event.type) {
    case 'build.started': {
      const { edit } = event;
      return mapped(service, (run) => (run.edit === edit ? onItsWay(run, 'image') : overtaken(run, edit, false)));
    }
    case 'build.succeeded': {
      const { image, at } = event;
      const isThere = service.deployed && imageReference(service.deployed) === imageReference(image);
      const built: Change = (run) => ({ ...run, way: 'image', builtAt: at });
      const nothingNew: Change = (run) => ({ ...built(run), result: 'unchanged', timing: timingOf(run, at, 'build') });
      return mapped(service, onRunning(image.edit, isThere ? nothingNew : built));
    }
    case 'build.failed':
      return mapped(service, onRunning(event.edit, failed(event.problem)));
    case 'build.cancelled':
      return mapped(service, (run) => (run.edit === event.edit ? overtaken(run, service.edit, false) : run));
    default:
      return event satisfies never;
  }
}
type EndOfBuild = 'build.succeeded' | 'build.failed' | 'build.cancelled';

type LookedAt = 'update.started' | 'update.prepared' | 'update.refused' | 'update.failed';

export function withUpdateOfEdit(service: ServiceState, event: Of<LookedAt>): ServiceState {
  const { edit } = event;
  switch (event.type) {
    case 'update.started':
      return mapped(service, (run) => (run.edit === edit ? onItsWay(run, 'live update') : overtaken(run, edit, false)));
    case 'update.prepared':
      return mapped(
        service,
        onRunning(edit, (run) => ({ ...run, builtAt: event.at })),
      );
    case 'update.refused':
      return mapped(
        service,
        onRunning(edit, (run) => ({ ...run, way: 'image' })),
      );
    case 'update.failed':
      return mapped(service, onRunning(edit, failed(event.problem)));
    default:
      return event satisfies never;
  }
}

/** The first pod has the files of the newest live update. */
export function withEditSent(service: ServiceState): ServiceState {
  const { updated } = service;
  const { sent } = updated?.times ?? {};
  if (!updated || sent === undefined) return service;
  return mapped(service, (run) =>
    run.edit === updated.edit && run.broughtAt === undefined ? { ...run, broughtAt: sent } : run,
  );
}

/** @param service one of the release that the deploy is of */
export function withDeployOfEdit(service: ServiceState, event: Of<'deploy.succeeded' | 'deploy.failed'>): ServiceState {
  const isPart = (run: EditRun) => run.result === 'running' && run.edit <= event.edit;
  if (event.type === 'deploy.failed') {
    return mapped(service, (run) =>
      isPart(run) && (run.way === 'helm' || run.builtAt !== undefined) ? failed(event.problem)(run) : run,
    );
  }
  const image = event.images.find((known) => known.service === service.name);
  return mapped(service, (run) => {
    if (!isPart(run)) return run;
    if (run.way === 'helm') return { ...run, result: 'live', timing: timingOf(run, event.at, 'deploy') };
    return run.edit === image?.edit && isBuiltImage(run) ? { ...run, broughtAt: event.at } : run;
  });
}

/** An edit is live, and with it all that came before. */
export const withLiveEdit = (service: ServiceState, { edit, ms }: Of<'service.live'>): ServiceState =>
  mapped(service, (run) => {
    if (run.edit !== edit) return run.edit < edit ? overtaken(run, edit, true) : run;
    const { problem: _, supersededBy: __, ...rest } = run;
    return run.way === 'helm' ? run : { ...rest, result: 'live', timing: ms };
  });

/**
 * A run that a newer edit takes the place of, where it does.
 * @param whole also one that is built, and may still be live by itself
 */
function overtaken(run: EditRun, by: number, whole: boolean): EditRun {
  const isOnItsWay = run.builtAt !== undefined && !whole;
  if (run.result !== 'running' || run.way === 'helm' || run.edit >= by || isOnItsWay) return run;
  return { ...run, result: 'superseded', supersededBy: by };
}

/** An edit that is live already may be built once more, as somebody asked for it: how it went live stays true. */
const onItsWay = (run: EditRun, way: EditRun['way'] & string): EditRun =>
  run.result === 'live' ? run : { ...run, way };

const isBuiltImage = ({ way, builtAt }: EditRun): boolean => way === 'image' && builtAt !== undefined;

const failed =
  (problem: Problem): Change =>
  (run) => ({ ...run, result: 'failed', problem });

const onRunning =
  (edit: number, change: Change): Change =>
  (run) =>
    run.edit === edit && run.result === 'running' ? change(run) : run;

/** All its time after the watch was of one part. */
function timingOf({ changedAt, seenAt }: EditRun, at: number, part: 'build' | 'deploy'): EditTiming {
  const none = { watch: Math.max(0, seenAt - changedAt), build: 0, deploy: 0, ready: 0 };
  return { ...none, [part]: Math.max(0, at - seenAt), total: Math.max(0, at - changedAt) };
}

/** The same service when nothing changes: most events concern the newest edit, or none. */
function mapped(service: ServiceState, change: Change): ServiceState {
  const edits = service.edits.map(change);
  return edits.every((run, index) => run === service.edits[index]) ? service : { ...service, edits };
}
