import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import type { ServiceState } from '../../src/state/state.ts';
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
import { after, buildCancelled, buildFails, buildStarted, edit, refused } from './history-events.ts';

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
