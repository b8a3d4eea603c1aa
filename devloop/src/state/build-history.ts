import { noLines, withLine } from '../lib/kept-lines.ts';
import { sanitizeLine } from '../lib/sanitize.ts';
import type { StampedEvent } from '../model/events.ts';
import type { BuildStep } from '../model/operation.ts';
import type { BuildRun, TimedStep } from './history.ts';
import type { ServiceState } from './state.ts';

type BuildEvent = Extract<StampedEvent, { type: `build.${string}` }>;

const buildsKept = 5;
const outputKept = 2000;
const longestLine = 4000;

/** The service with what the event tells of its builds. @param service as it is after the event */
export function withBuildEvent(service: ServiceState, event: BuildEvent): ServiceState {
  switch (event.type) {
    case 'build.started': {
      const { edit, at } = event;
      const started: BuildRun = {
        edit,
        why: service.buildWhy ?? '',
        startedAt: at,
        result: 'running',
        steps: [],
        output: noLines,
      };
      return { ...service, builds: [...service.builds, started].slice(-buildsKept) };
    }
    case 'build.step':
      return changed(service, isRunning, (run) => ({ ...run, steps: withStep(run.steps, event.step, event.at) }));
    case 'build.succeeded': {
      const { image, reused, ms } = event;
      return changed(service, runs(image.edit), (run) => ({ ...run, result: reused ? 'reused' : 'built', ms }));
    }
    case 'build.failed': {
      const { edit, ms, problem } = event;
      return changed(service, runs(edit), (run) => ({ ...run, result: 'failed', ms, problem }));
    }
    case 'build.cancelled': {
      const { edit, at } = event;
      const newer = Math.max(service.edit, service.buildEdit);
      return changed(service, runs(edit), (run) => ({
        ...run,
        result: 'cancelled',
        ms: at - run.startedAt,
        ...(newer > edit && { overtakenBy: newer }),
      }));
    }
    default:
      return event satisfies never;
  }
}

/** The service with a line that its running build printed; one that comes when none runs belongs to no build. */
export const withBuildLine = (service: ServiceState, text: string): ServiceState =>
  changed(service, isRunning, (run) => ({
    ...run,
    output: withLine(run.output, sanitizeLine(text.slice(0, longestLine)), outputKept),
  }));

const isRunning = ({ result }: BuildRun): boolean => result === 'running';
const runs =
  (edit: number) =>
  (run: BuildRun): boolean =>
    isRunning(run) && run.edit === edit;

function changed(
  service: ServiceState,
  isMeant: (run: BuildRun) => boolean,
  change: (run: BuildRun) => BuildRun,
): ServiceState {
  const index = service.builds.findLastIndex(isMeant);
  const run = service.builds[index];
  return run ? { ...service, builds: service.builds.with(index, change(run)) } : service;
}

function withStep(steps: readonly TimedStep[], step: BuildStep, at: number): readonly TimedStep[] {
  const index = steps.findIndex(({ id }) => id === step.id);
  const known = steps[index];
  return known ? steps.with(index, { ...step, startedAt: known.startedAt }) : [...steps, { ...step, startedAt: at }];
}
