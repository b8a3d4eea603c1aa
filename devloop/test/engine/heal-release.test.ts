import { describe, expect, it } from '@jest/globals';
import { healRelease, isUnfinished } from '../../src/engine/heal-release.ts';
import type { HelmRelease } from '../../src/engine/outside.ts';
import { outsideFault } from '../../src/model/errors.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeOutside } from '../fakes/outside.ts';
import { settle } from '../fakes/ticks.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const at = Date.UTC(2026, 0, 31, 14, 0, 0);
const revision = (number: number, status: string): HelmRelease => ({
  revision: number,
  status,
  description: '',
  updated: at,
});

function setUp(...revisions: readonly HelmRelease[]) {
  const outside = createFakeOutside();
  const clock = createFakeClock(at);
  const events: LoopEvent[] = [];
  const controller = new AbortController();
  const [latest = revision(1, 'deployed')] = revisions.slice(-1);
  outside.history.set('tasks', latest);
  outside.revisions.set('tasks', [...revisions]);
  const parts = { helm: outside.helm, clock, dispatch: (event: LoopEvent) => void events.push(event), context: 'mini' };
  const heal = () => healRelease(parts, 'tasks', 'dev', latest, controller.signal);
  const notices = () => events.map((event) => (event.type === 'notice' ? event.text : event.type));
  const uninstalls = () => outside.asked.filter((question) => question.startsWith('uninstall'));
  return { outside, clock, controller, heal, notices, uninstalls };
}

describe('what is unfinished', () => {
  it.each([
    ['pending-install', true],
    ['pending-upgrade', true],
    ['pending-rollback', true],
    ['uninstalling', true],
    ['deployed', false],
    ['failed', false],
    ['superseded', false],
    ['uninstalled', false],
    ['unknown', false],
  ])('%s: %s', (status, expected) => {
    expect(isUnfinished(revision(1, status))).toBe(expected);
  });
});

describe('a release that a dead devloop has left', () => {
  it.each<[string, string[], number]>([
    ['deployed, and it is the last but one', ['deployed', 'pending-upgrade'], 1],
    ['deployed before failed ones', ['superseded', 'deployed', 'failed', 'pending-upgrade'], 2],
    ['deployed, by a rollback that was cut off', ['superseded', 'deployed', 'pending-rollback'], 2],
    ['superseded, where none is deployed', ['superseded', 'superseded', 'failed', 'pending-upgrade'], 2],
    ['failed, where none was ever deployed', ['failed', 'failed', 'pending-upgrade'], 2],
    ['deployed, with an older one that is pending still', ['deployed', 'pending-upgrade', 'pending-rollback'], 1],
  ])('is rolled back to the revision that is %s', async (_, statuses, target) => {
    const { outside, heal, notices, uninstalls } = setUp(
      ...statuses.map((status, index) => revision(index + 1, status)),
    );
    outside.owners.push({ by: 'devloop' });
    const work = heal();
    await settle();
    const made = revision(9, 'deployed');
    outside.rollbacks[0]?.gate.open(made);
    expect(await work).toEqual(made);
    expect(outside.rollbacks.map((rollback) => rollback.revision)).toEqual([target]);
    expect(notices()).toEqual([expect.stringContaining(`rolled back to revision ${target}`)]);
    expect(uninstalls()).toEqual([]);
  });

  it.each([
    ['pending-install', /uninstalled, as nothing was deployed before/],
    ['uninstalling', /its uninstall is finished/],
  ])('in its first revision, %s, is uninstalled', async (status, told) => {
    const { outside, heal, notices, uninstalls } = setUp(revision(1, status));
    outside.owners.push({ by: 'devloop' });
    expect(await heal()).toBeUndefined();
    expect(uninstalls()).toEqual(['uninstall tasks']);
    expect(outside.rollbacks).toEqual([]);
    expect(notices()).toEqual([expect.stringMatching(told)]);
  });

  it('is not rolled back while it is being uninstalled', async () => {
    const { outside, heal, uninstalls } = setUp(revision(1, 'superseded'), revision(2, 'uninstalling'));
    outside.owners.push({ by: 'devloop' });
    await heal();
    expect(uninstalls()).toEqual(['uninstall tasks']);
    expect(outside.rollbacks).toEqual([]);
  });

  it('fails with the words of the helm that could not free it', async () => {
    const { outside, heal } = setUp(revision(1, 'deployed'), revision(2, 'pending-upgrade'));
    outside.owners.push({ by: 'devloop' });
    const failed = faultOf(heal());
    await settle();
    outside.rollbacks[0]?.gate.fail(outsideFault({ title: 'helm rollback of tasks failed', why: 'no such kind' }));
    expect((await failed).problem.why).toBe('no such kind');
  });
});

describe('a helm that outlives its devloop', () => {
  it('is waited for, and told of once', async () => {
    const { outside, clock, heal, notices } = setUp(revision(1, 'deployed'), revision(2, 'pending-upgrade'));
    outside.owners.push({ by: 'running helm', pid: 4711 });
    const work = heal();
    for (let look = 0; look < 3; look += 1) {
      await settle();
      clock.advance(250);
    }
    outside.history.set('tasks', revision(2, 'deployed'));
    await settle();
    clock.advance(250);
    expect(await work).toEqual(revision(2, 'deployed'));
    expect(notices()).toEqual([expect.stringMatching(/pid 4711.*waited for/)]);
    expect(outside.rollbacks).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it('and dies leaves what is healed then', async () => {
    const { outside, clock, heal } = setUp(revision(1, 'deployed'), revision(2, 'pending-upgrade'));
    outside.owners.push({ by: 'running helm', pid: 4711 }, { by: 'devloop' });
    const work = heal();
    await settle();
    clock.advance(250);
    await settle();
    outside.rollbacks[0]?.gate.open(revision(3, 'deployed'));
    expect(await work).toEqual(revision(3, 'deployed'));
  });

  it('and never ends is named after its time', async () => {
    const { outside, clock, heal } = setUp(revision(1, 'deployed'), revision(2, 'pending-upgrade'));
    outside.owners.push({ by: 'running helm', pid: 4711 });
    const failed = faultOf(heal());
    await settle();
    clock.advance(331_000);
    expect((await failed).problem).toMatchObject({ why: expect.stringContaining('pid 4711'), fix: /kill -INT 4711/ });
  });

  it('is no longer waited for when devloop ends', async () => {
    const { outside, clock, controller, heal } = setUp(revision(1, 'deployed'), revision(2, 'pending-upgrade'));
    outside.owners.push({ by: 'running helm', pid: 4711 });
    const work = heal();
    await settle();
    controller.abort(new Error('the end'));
    await expect(work).rejects.toThrow('the end');
    expect(clock.pending()).toBe(0);
  });
});

describe('a release that somebody else has left', () => {
  it.each([
    ['pending-install', 'helm uninstall tasks --namespace dev --kube-context mini'],
    ['pending-upgrade', 'helm rollback tasks --namespace dev --kube-context mini'],
    ['pending-rollback', 'helm rollback tasks --namespace dev --kube-context mini'],
    ['uninstalling', 'helm uninstall tasks --namespace dev --kube-context mini'],
  ])('%s is left alone, with what to do', async (status, command) => {
    const { outside, heal, notices, uninstalls } = setUp(revision(1, 'deployed'), revision(2, status));
    const { problem, kind } = await faultOf(heal());
    expect(kind).toBe('outside');
    expect(problem.title).toBe('Release tasks is locked');
    expect(problem.why).toContain(`its revision 2 is ${status}`);
    expect(problem.fix).toContain(command);
    expect([outside.rollbacks, uninstalls(), notices()]).toEqual([[], [], []]);
  });
});
