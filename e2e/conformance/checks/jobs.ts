import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import { container, podSpec } from '../objects.ts';
import { conditionsOf, eventsOf } from '../pods.ts';
import { at, itemsOf, pick } from '../values/at.ts';

const job = (script: string, spec: object = {}, more: object = {}) => ({
  metadata: { name: 'one' },
  spec: { ...spec, template: { spec: podSpec([container(script)], { restartPolicy: 'Never', ...more }) } },
});

const finished = (c: Client) =>
  c.untilObject('jobs', 'one', (one) => ['Complete', 'Failed'].some((type) => type in conditionsOf(one)));

const status = (object: unknown) => [
  pick(object, 'status.succeeded', 'status.failed', 'status.active'),
  conditionsOf(object),
];

/** Jobs. */
export const jobs = group('jobs', {
  'one that completes': async (c) => {
    await c.create('jobs', job('true'));
    const object = await finished(c);
    return [status(object), typeof at(object, 'status.completionTime'), await eventsOf(c, 'Job', 'one', 'Completed')];
  },

  'labels of its pod': async (c) => {
    await c.create('jobs', job('true'));
    await finished(c);
    const [pod] = itemsOf(await c.list('pods', 'labelSelector=job-name%3Done'));
    return pick(
      pod,
      'metadata.labels.job-name',
      'metadata.labels.controller-uid',
      'metadata.generateName',
      'metadata.ownerReferences',
      'status.phase',
    );
  },

  'one that fails': async (c) => {
    await c.create('jobs', job('exit 1', { backoffLimit: 0 }));
    return [status(await finished(c)), await eventsOf(c, 'Job', 'one', 'BackoffLimitExceeded')];
  },

  'completions and parallelism': async (c) => {
    await c.create('jobs', job('true', { completions: 3, parallelism: 3 }));
    return [status(await finished(c)), itemsOf(await c.list('pods')).length];
  },

  'one at a time': async (c) => {
    await c.create('jobs', job('true', { completions: 2 }));
    return [status(await finished(c)), itemsOf(await c.list('pods')).length];
  },

  'a deadline': async (c) => {
    await c.create('jobs', job('while true; do sleep 1; done', { activeDeadlineSeconds: 2 }));
    return [
      status(await finished(c)),
      (await eventsOf(c, 'Job', 'one', 'DeadlineExceeded')).filter((text) => text.includes('Deadline')),
    ];
  },

  'restart policy OnFailure': async (c) => {
    const script = '[ -e /v/been ] && exit 0; touch /v/been; exit 1';
    const spec = podSpec([container(script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })], {
      restartPolicy: 'OnFailure',
      volumes: [{ name: 'v', emptyDir: {} }],
    });
    await c.create('jobs', { metadata: { name: 'one' }, spec: { template: { spec } } });
    const object = await finished(c);
    return [status(object), at(await c.list('pods'), 'items.*.status.containerStatuses.0.restartCount')];
  },

  'deleted with its pods': async (c) => {
    await c.create('jobs', job('true'));
    await finished(c);
    const { status, body } = await c.ask('DELETE', `${c.path('jobs', 'one')}?propagationPolicy=Background`);
    await c.until('pods', '', (pods) => pods.length === 0 || undefined);
    return [status, pick(body, 'kind', 'status', 'details.kind', 'details.name')];
  },

  'what cannot change': async (c) => {
    await c.create('jobs', job('true', { parallelism: 0 }));
    return pick(
      await c.tryPatch('merge', 'jobs', 'one', { spec: { completions: 5 } }),
      'status',
      'body.reason',
      'body.details.causes.*.field',
    );
  },
});
