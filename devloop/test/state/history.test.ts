import { describe, expect, it } from '@jest/globals';
import { keptChunks } from '../../src/lib/kept-lines.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import type { BuildStep } from '../../src/model/operation.ts';
import type { ServiceState } from '../../src/state/state.ts';
import { createStore } from '../../src/state/store.ts';
import {
  allHealthy,
  built,
  compilerProblem,
  deployed,
  edited,
  imageOf,
  inputsOf,
  live,
  podChanged,
  samplePod,
  sampleProject,
  started,
  startTime,
} from '../support/sample.ts';

/** The service after events that come 10 ms after each other. */
function after(name: string, ...events: readonly (LoopEvent | readonly LoopEvent[])[]): ServiceState {
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

const buildStarted = (edit: number): LoopEvent => ({ type: 'build.started', service: 'backend', edit });
const buildCancelled = (edit: number): LoopEvent => ({ type: 'build.cancelled', service: 'backend', edit });
const buildFails = (edit: number): LoopEvent => ({
  type: 'build.failed',
  service: 'backend',
  edit,
  ms: 310,
  problem: compilerProblem,
});
const step = (id: string, status: BuildStep['status'], ms?: number): LoopEvent => ({
  type: 'build.step',
  service: 'backend',
  step: { id, name: `RUN ${id}`, status, ...(ms !== undefined && { ms }) },
});
const printed = (text: string): LoopEvent => ({
  type: 'log',
  line: { at: startTime, service: 'backend', source: 'build', text },
});
const refused = (edit: number): LoopEvent => ({
  type: 'update.refused',
  service: 'backend',
  edit,
  why: 'package.json changed',
});
const edit = (number: number, files: readonly string[] = ['src/a.ts']) => edited(number, ['backend'], files, startTime);

describe('the history of builds', () => {
  const results = ({ builds }: ServiceState) => builds.map((run) => [run.edit, run.result, run.ms, run.overtakenBy]);

  it.each<[string, readonly LoopEvent[], unknown]>([
    ['one that runs', [buildStarted(0)], [[0, 'running', undefined, undefined]]],
    ['one that worked', built('backend'), [[0, 'built', 240, undefined]]],
    [
      'one that found its image',
      [
        buildStarted(0),
        { type: 'build.succeeded', service: 'backend', image: imageOf('backend'), reused: true, ms: 40 },
      ],
      [[0, 'reused', 40, undefined]],
    ],
    ['one that failed', [buildStarted(0), buildFails(0)], [[0, 'failed', 310, undefined]]],
    ['one that was cut off', [buildStarted(0), buildCancelled(0)], [[0, 'cancelled', 10, undefined]]],
    [
      'one that a newer edit took the place of',
      [buildStarted(0), edit(1), buildCancelled(0), ...built('backend', 1)],
      [
        [0, 'cancelled', 20, 1],
        [1, 'built', 240, undefined],
      ],
    ],
    [
      'the last five',
      [0, 1, 2, 3, 4, 5, 6].flatMap((number) => built('backend', number, number)),
      [2, 3, 4, 5, 6].map((number) => [number, 'built', number, undefined]),
    ],
  ])('has %s', (_, events, expected) => {
    expect(results(after('backend', started(), events))).toEqual(expected);
  });

  it('has the problem of one that failed, and why a live update was not enough', () => {
    const { builds } = after(
      'backend',
      started(),
      built('backend'),
      edit(1),
      refused(1),
      buildStarted(1),
      buildFails(1),
    );
    expect(builds.at(-1)).toMatchObject({ why: 'package.json changed', problem: compilerProblem });
  });

  it('has the steps in the order in which they began, each as it was last told', () => {
    const { builds } = after(
      'backend',
      started(),
      buildStarted(0),
      step('a', 'running'),
      step('b', 'cached'),
      step('a', 'done', 40),
      step('c', 'running'),
      buildCancelled(0),
    );
    const [run] = builds;
    expect(run?.steps.map(({ id, status, ms, startedAt }) => [id, status, ms, startedAt - run.startedAt])).toEqual([
      ['a', 'done', 40, 10],
      ['b', 'cached', undefined, 20],
      ['c', 'running', undefined, 40],
    ]);
  });

  it('has what each build printed, harmless, and nothing that came when none ran', () => {
    const { builds } = after(
      'backend',
      started(),
      printed('too early'),
      buildStarted(0),
      printed('\x1b[31mone\x1b[0m'),
      buildFails(0),
      printed('too late'),
      buildStarted(1),
      printed('two'),
    );
    expect(builds.map(({ output }) => keptChunks(output).flat())).toEqual([['one'], ['two']]);
  });

  it('keeps the newest lines of a long output and says how many are gone', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => printed(`line ${index}`));
    const [run] = after('backend', started(), buildStarted(0), lines).builds;
    const kept = run ? keptChunks(run.output).flat() : [];
    expect(kept.at(-1)).toBe('line 2999');
    expect(kept.length + (run?.output.dropped ?? 0)).toBe(3000);
    expect(kept.length).toBeLessThanOrEqual(2050);
  });

  it('changes nothing for lines of containers and of other services', () => {
    const before = after('backend', started(), buildStarted(0));
    const line = { at: startTime, service: 'nobody', source: 'build', text: 'x' } as const;
    const same = after('backend', started(), buildStarted(0), [
      { type: 'log', line },
      { type: 'log', line: { ...line, service: 'backend', source: 'container' } },
    ]);
    expect(same).toEqual(before);
  });

  it('survives a new configuration', () => {
    const reloaded: LoopEvent = { type: 'config.reloaded', project: sampleProject(), changed: ['services'] };
    expect(results(after('backend', started(), built('backend'), reloaded))).toHaveLength(1);
  });
});

describe('the history of edits', () => {
  const outline = ({ edits }: ServiceState) =>
    edits.map((run) => [run.edit, run.way, run.result, ...(run.supersededBy === undefined ? [] : [run.supersededBy])]);
  const images = (number: number) => ({ ...{ frontend: imageOf('frontend') }, backend: imageOf('backend', number) });
  const rolled = (number: number) => deployed(images(number), inputsOf(images(number)), number, number + 1);
  const prepared = (number: number): LoopEvent[] => [
    { type: 'update.started', service: 'backend', edit: number },
    { type: 'update.prepared', service: 'backend', edit: number, image: 'backend:edit-0', files: 1, ms: 5 },
  ];
  const up = [...allHealthy()];

  it.each<[string, readonly (LoopEvent | readonly LoopEvent[])[], unknown]>([
    ['the start on its way', [], [[0, undefined, 'running']]],
    ['the start that is live', up.slice(1), [[0, 'image', 'live']]],
    [
      'an edit that has just been seen',
      [up.slice(1), edit(1)],
      [
        [0, 'image', 'live'],
        [1, undefined, 'running'],
      ],
    ],
    [
      'an edit by an image',
      [up.slice(1), edit(1), built('backend', 1), rolled(1), live('backend', 1)],
      [
        [0, 'image', 'live'],
        [1, 'image', 'live'],
      ],
    ],
    [
      'an edit by a live update',
      [up.slice(1), edit(1), prepared(1), live('backend', 1)],
      [
        [0, 'image', 'live'],
        [1, 'live update', 'live'],
      ],
    ],
    [
      'an edit that a live update is not enough for',
      [up.slice(1), edit(1), { type: 'update.started', service: 'backend', edit: 1 } as const, refused(1)],
      [
        [0, 'image', 'live'],
        [1, 'image', 'running'],
      ],
    ],
    [
      'an edit whose build failed',
      [up.slice(1), edit(1), buildStarted(1), buildFails(1)],
      [
        [0, 'image', 'live'],
        [1, 'image', 'failed'],
      ],
    ],
    [
      'an edit whose build was overtaken, and the one that took its place',
      [
        up.slice(1),
        edit(1),
        buildStarted(1),
        edit(2),
        buildCancelled(1),
        built('backend', 2),
        rolled(2),
        live('backend', 2),
      ],
      [
        [0, 'image', 'live'],
        [1, 'image', 'superseded', 2],
        [2, 'image', 'live'],
      ],
    ],
    [
      'an edit that was saved while another was built, and is built with a third',
      [up.slice(1), edit(1), edit(2), buildStarted(2)],
      [
        [0, 'image', 'live'],
        [1, undefined, 'superseded', 2],
        [2, 'image', 'running'],
      ],
    ],
    [
      'an edit that is live by itself, though a newer one is being built',
      [up.slice(1), edit(1), prepared(1), edit(2), buildStarted(2), live('backend', 1)],
      [
        [0, 'image', 'live'],
        [1, 'live update', 'live'],
        [2, 'image', 'running'],
      ],
    ],
    [
      'an edit on its way into the pods when a newer one was there first',
      [up.slice(1), edit(1), prepared(1), edit(2), prepared(2), live('backend', 2)],
      [
        [0, 'image', 'live'],
        [1, 'live update', 'superseded', 2],
        [2, 'live update', 'live'],
      ],
    ],
    [
      'a failed edit that stays failed when the next is live',
      [
        up.slice(1),
        edit(1),
        buildStarted(1),
        buildFails(1),
        edit(2),
        built('backend', 2),
        rolled(2),
        live('backend', 2),
      ],
      [
        [0, 'image', 'live'],
        [1, 'image', 'failed'],
        [2, 'image', 'live'],
      ],
    ],
    [
      'a failed live update',
      [
        up.slice(1),
        edit(1),
        { type: 'update.started', service: 'backend', edit: 1 } as const,
        { type: 'update.failed', service: 'backend', edit: 1, problem: compilerProblem } as const,
      ],
      [
        [0, 'image', 'live'],
        [1, 'live update', 'failed'],
      ],
    ],
    [
      'an edit whose deploy failed, and that is live after all',
      [
        up.slice(1),
        edit(1),
        built('backend', 1),
        { type: 'deploy.failed', release: 'tasks', edit: 1, problem: compilerProblem, ms: 5 } as const,
        rolled(1),
        live('backend', 1),
      ],
      [
        [0, 'image', 'live'],
        [1, 'image', 'live'],
      ],
    ],
    [
      'an edit that went live, though its image was built once more',
      [up.slice(1), edit(1), prepared(1), live('backend', 1), built('backend', 1)],
      [
        [0, 'image', 'live'],
        [1, 'live update', 'live'],
      ],
    ],
    [
      'an edit whose image is the one that is deployed',
      [
        up.slice(1),
        edit(1),
        buildStarted(1),
        {
          type: 'build.succeeded',
          service: 'backend',
          image: { ...imageOf('backend', 0), edit: 1 },
          reused: true,
          ms: 4,
        } as const,
      ],
      [
        [0, 'image', 'live'],
        [1, 'image', 'unchanged'],
      ],
    ],
  ])('has %s', (_, events, expected) => {
    expect(outline(after('backend', started(), events.flat()))).toEqual(expected);
  });

  const chartEdit: LoopEvent = { ...edited(1, [], ['helm/values.yaml'], startTime), releases: ['tasks'] } as LoopEvent;

  it('has an edit of the chart in every service of the release', () => {
    for (const name of ['backend', 'frontend']) {
      expect(outline(after(name, allHealthy(), chartEdit)).at(-1)).toEqual([1, 'helm', 'running']);
      const deploy = deployed(images(0), 'chart@1', 1, 2);
      const service = after(name, allHealthy(), chartEdit, deploy);
      expect(outline(service).at(-1)).toEqual([1, 'helm', 'live']);
      expect(service.edits.at(-1)?.timing).toMatchObject({ build: 0, deploy: 20, ready: 0 });
    }
  });

  it('has an edit of the chart that failed, and one that no newer edit of the service hides', () => {
    const failed: LoopEvent = { type: 'deploy.failed', release: 'tasks', edit: 1, problem: compilerProblem, ms: 5 };
    expect(outline(after('backend', allHealthy(), chartEdit, failed)).at(-1)).toEqual([1, 'helm', 'failed']);
    const events = [chartEdit, edit(2), prepared(2), live('backend', 2)];
    expect(outline(after('backend', allHealthy(), ...events)).slice(1)).toEqual([
      [1, 'helm', 'running'],
      [2, 'live update', 'live'],
    ]);
  });

  it('has the files, and how many there were', () => {
    const files = Array.from({ length: 30 }, (_, index) => `src/${index}.ts`);
    expect(after('backend', started(), edit(1, files)).edits.at(-1)).toMatchObject({
      files: files.slice(0, 20),
      fileCount: 30,
      changedAt: startTime,
      seenAt: startTime + 20,
    });
  });

  it('has when an edit was built and brought to the pods', () => {
    const times = (service: ServiceState) => service.edits.at(-1);
    expect(times(after('backend', started(), edit(1), built('backend', 1), rolled(1)))).toMatchObject({
      builtAt: startTime + 40,
      broughtAt: startTime + 60,
    });
    const pod = samplePod('backend');
    const sent: LoopEvent = {
      type: 'pod.update',
      service: 'backend',
      uid: pod.uid,
      pod: pod.name,
      update: { status: 'current', edit: 1 },
    };
    const service = after('backend', started(), podChanged(pod), edit(1), prepared(1), sent, sent);
    expect(times(service)).toMatchObject({ builtAt: startTime + 50, broughtAt: startTime + 60 });
  });

  it('is of the last fifty edits', () => {
    const { edits } = after(
      'backend',
      started(),
      Array.from({ length: 60 }, (_, index) => edit(index + 1)),
    );
    expect([edits.length, edits[0]?.edit, edits.at(-1)?.edit]).toEqual([50, 11, 60]);
  });

  it('is empty for a service whose image is not ours, and for edits of others', () => {
    const project = sampleProject();
    const services = project.services.map(({ image: _, ...rest }) => rest);
    expect(after('backend', started({ ...project, services })).edits).toEqual([]);
    expect(after('frontend', started(), edit(1)).edits).toHaveLength(1);
  });
});
