import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import {
  allHealthy,
  built,
  deployed,
  edited,
  imageOf,
  inputsOf,
  live,
  podChanged,
  samplePod,
  startTime,
} from '../support/sample.ts';
import { printed, stepOf } from './printed.ts';

describe('of an edit the plain printer', () => {
  it('prints each step of a build when it ends, with its time', () => {
    const steps = [
      stepOf('cached', '[build 1/3] FROM node:24', 0),
      stepOf('running', '[build 2/3] RUN npm ci'),
      stepOf('done', '[build 2/3] RUN npm ci', 3200),
      stepOf('done', '[build 2/3] RUN npm ci', 3200),
      stepOf('running', '[build 3/3] RUN npm run build'),
      stepOf('failed', '[build 3/3] RUN npm run build', 812),
    ];
    expect(
      printed(allHealthy(), [{ type: 'build.started', service: 'backend', edit: 1 }, ...steps]),
    ).toMatchInlineSnapshot(`
"
backend  │ building edit 1
backend  │   ✓ [build 1/3] FROM node:24 (cached)
backend  │   ✓ [build 2/3] RUN npm ci (3.2 s)
backend  │   ✗ [build 3/3] RUN npm run build (failed after 812 ms)
"
`);
  });

  it('prints where the time of a fast edit went', () => {
    const ms = { watch: 16, build: 42, deploy: 5, ready: 80, total: 143 };
    expect(printed(allHealthy(), [{ type: 'service.live', service: 'backend', edit: 12, ms }])).toBe(
      '\nbackend  │ ● edit 12 live in 143 ms: watch 16, build 42, deploy 5, ready 80\n',
    );
  });

  it('names the files of an edit and where its time went', () => {
    const images = { backend: imageOf('backend', 1), frontend: imageOf('frontend') };
    const edit: readonly LoopEvent[] = [
      edited(1, ['backend'], ['src/a.ts', 'src/b.ts'], startTime),
      ...built('backend', 1),
      ...deployed(images, inputsOf(images), 1, 2),
      podChanged(samplePod('backend', 1, { ready: false })),
      podChanged(samplePod('backend', 1)),
      live('backend', 1),
    ];
    expect(printed(allHealthy(), edit)).toMatchInlineSnapshot(`
"
devloop  │ edit 1: src/a.ts, src/b.ts → backend
backend  │ building edit 1
backend  │ built backend:edit-1 in 240 ms
devloop  │ deploying release tasks
devloop  │ release tasks is at revision 2 in 210 ms
backend  │ starting: waiting for new pods
backend  │ starting: waiting for its readiness probe
backend  │ ● ready, 1/1 pod, http://localhost:4000
backend  │ ● edit 1 live in 1.2 s: watch 60 ms, build 240 ms, deploy 210 ms, ready 690 ms
"
`);
  });

  it('cuts a long list of files', () => {
    const files = Array.from({ length: 5000 }, (_, index) => `src/${index}.ts`);
    const text = printed(allHealthy(), [edited(1, ['backend'], files, startTime)]);
    expect(text).toContain('src/0.ts, src/1.ts, src/2.ts, src/3.ts, src/4.ts and 4995 more → backend');
  });
});
