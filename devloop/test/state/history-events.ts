import type { LoopEvent } from '../../src/model/events.ts';
import type { BuildStep } from '../../src/model/operation.ts';
import type { ServiceState } from '../../src/state/state.ts';
import { createStore } from '../../src/state/store.ts';
import { compilerProblem, edited, startTime } from '../support/sample.ts';

/** The service after events that come 10 ms after each other. */
export function after(name: string, ...events: readonly (LoopEvent | readonly LoopEvent[])[]): ServiceState {
  let time = startTime;
  const store = createStore(() => {
    time += 10;
    return time;
  });
  for (const event of events.flat()) store.dispatch(event);
  const service = store.getState().services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

export const buildStarted = (edit: number): LoopEvent => ({ type: 'build.started', service: 'backend', edit });
export const buildCancelled = (edit: number): LoopEvent => ({ type: 'build.cancelled', service: 'backend', edit });
export const buildFails = (edit: number): LoopEvent => ({
  type: 'build.failed',
  service: 'backend',
  edit,
  ms: 310,
  problem: compilerProblem,
});
export const step = (id: string, status: BuildStep['status'], ms?: number): LoopEvent => ({
  type: 'build.step',
  service: 'backend',
  step: { id, name: `RUN ${id}`, status, ...(ms !== undefined && { ms }) },
});
export const printed = (text: string): LoopEvent => ({
  type: 'log',
  line: { at: startTime, service: 'backend', source: 'build', text },
});
export const refused = (edit: number): LoopEvent => ({
  type: 'update.refused',
  service: 'backend',
  edit,
  why: 'package.json changed',
});
export const edit = (number: number, files: readonly string[] = ['src/a.ts']) =>
  edited(number, ['backend'], files, startTime);
