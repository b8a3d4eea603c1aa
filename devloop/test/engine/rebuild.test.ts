import { describe, expect, it } from '@jest/globals';
import { settle } from '../fakes/ticks.ts';
import { sampleProject } from '../support/sample.ts';
import { setUp } from './action-loop.ts';

describe('rebuild', () => {
  it('builds although the daemon has the image, and leaves the pods when it made the same one', async () => {
    const { outside, store, intents, build, upgrade, run, notices, stop } = setUp();
    await settle();
    await build();
    await upgrade();
    await run();
    outside.imageIds.set('backend:content', 'sha256:1');
    intents.rebuild('backend');
    await settle();
    expect(outside.builds.map(({ tag }) => tag)).toEqual(['content', 'content']);
    await build();
    expect(store.of('build.succeeded').at(-1)).toMatchObject({ reused: false, unchanged: true });
    expect([outside.kubernetes.restarted, outside.upgrades.length]).toEqual([[], 1]);
    expect(notices()).toEqual(['backend: the build made the same image, so its pods stay']);
    await stop();
  });

  it('starts the pods anew when another image came out under the same tag', async () => {
    const { outside, intents, build, upgrade, run, stop } = setUp();
    await settle();
    await build();
    await upgrade();
    await run();
    outside.imageIds.set('backend:content', 'sha256:1');
    intents.rebuild('backend');
    await settle();
    outside.imageIds.set('backend:content', 'sha256:2');
    await build();
    expect(outside.kubernetes.restarted).toEqual([expect.stringMatching(/^Deployment backend 2026-/)]);
    await stop();
  });

  it('takes the place of a build that runs', async () => {
    const { outside, intents, stop, build, service } = setUp();
    await settle();
    intents.rebuild('backend');
    await settle();
    expect(outside.builds.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(service()).toMatchObject({ build: { status: 'running', forced: true }, rebuild: false });
    await build();
    expect(service().build.status).toBe('succeeded');
    await stop();
  });

  it('is cut off by a newer edit, whose build is a forced one too', async () => {
    const { outside, intents, save, stop, build, service } = setUp();
    await settle();
    await build();
    intents.rebuild('backend');
    await settle();
    await save(1);
    expect(outside.builds.map(({ tag, signal }) => [tag, signal.aborted])).toEqual([
      ['content', false],
      ['content', true],
      ['content-1', false],
    ]);
    expect(service()).toMatchObject({ build: { status: 'running', edit: 1 }, rebuild: false });
    await stop();
  });

  it('that fails is told as any build, and is not tried again by itself', async () => {
    const { outside, intents, stop, build, phase } = setUp();
    await settle();
    await build();
    intents.rebuild('backend');
    await settle();
    outside.builds.at(-1)?.gate.fail(new Error('exit code: 1'));
    await settle();
    expect([phase(), outside.builds.length]).toEqual(['failed', 2]);
    await stop();
  });

  it.each([
    ['nobody', 'nobody cannot be rebuilt: there is no such service'],
    ['database', 'database cannot be rebuilt: devloop does not build its image'],
  ])('of %s is refused', async (name, why) => {
    const project = sampleProject(['backend', 'database']);
    const services = project.services.map(({ image, ...service }) =>
      service.name === 'database' || !image ? service : { ...service, image },
    );
    const { intents, notices, stop } = setUp({ ...project, services });
    intents.rebuild(name);
    expect(notices()).toEqual([why]);
    await stop();
  });
});
