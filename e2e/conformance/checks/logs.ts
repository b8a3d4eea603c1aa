import { group } from '../check.ts';
import { container, forever, onePod, pod } from '../objects.ts';
import { finished, logOf, ready, waiting } from '../pods.ts';
import { at } from '../values/at.ts';

const ten = 'i=0; while [ $i -lt 10 ]; do echo "line $i"; i=$((i+1)); done';
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z) (.*)$/;

/** Logs, byte by byte. */
export const logs = group('logs', {
  'all bytes': async (c) => {
    await finished(
      c,
      onePod('one', 'echo out; printf "no end"; printf "\\n\\n  spaces \\t tab\\n"; printf "ä€🙂\\n"; printf last'),
    );
    return logOf(c, 'one');
  },

  'standard error too': async (c) => {
    await finished(c, onePod('one', 'echo out; sleep 0.2; echo err >&2; sleep 0.2; echo out'));
    return logOf(c, 'one');
  },

  'the last lines': async (c) => {
    await finished(c, onePod('one', ten));
    return Promise.all(
      ['tailLines=2', 'tailLines=0', 'tailLines=99', 'limitBytes=9'].map((query) => logOf(c, 'one', query)),
    );
  },

  'a number that is not valid': async (c) => {
    await finished(c, onePod('one', 'true'));
    return [await logOf(c, 'one', 'tailLines=-1'), await logOf(c, 'one', 'sinceSeconds=0')];
  },

  timestamps: async (c) => {
    await finished(c, onePod('one', ten));
    const lines = String(await logOf(c, 'one', 'timestamps=true'))
      .trimEnd()
      .split('\n');
    return lines.map((line) => stamped.exec(line)?.[2]);
  },

  'since a time': async (c) => {
    await finished(c, onePod('one', 'echo before; sleep 3; echo after'));
    const [, line = ''] = String(await logOf(c, 'one', 'timestamps=true')).split('\n');
    const second = String(stamped.exec(line)?.[1]).replace(/\.\d+/, '');
    return [
      await logOf(c, 'one', `sinceTime=${second}`),
      await logOf(c, 'one', `sinceTime=2000-01-01T00:00:00Z&tailLines=1`),
      await logOf(c, 'one', 'sinceSeconds=3600'),
    ];
  },

  follow: async (c) => {
    await c.create('pods', onePod('one', 'echo first; sleep 2; echo second; exit 1'));
    await c.untilObject('pods', 'one', (one) => at(one, 'status.phase') === 'Running');
    return logOf(c, 'one', 'follow=true');
  },

  'follow from the last line': async (c) => {
    await c.create('pods', onePod('one', `${ten}; sleep 3; echo end`));
    await c.untilObject('pods', 'one', (one) => at(one, 'status.phase') === 'Running');
    const text = String(await logOf(c, 'one', 'follow=true&tailLines=1'));
    return text.endsWith('end\n');
  },

  'the run before': async (c) => {
    const script = '[ -e /v/been ] && { echo second; sleep 600; }; touch /v/been; sleep 1; echo first; exit 1';
    await c.create(
      'pods',
      pod('one', [container(script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })], {
        volumes: [{ name: 'v', emptyDir: {} }],
      }),
    );
    await c.untilObject(
      'pods',
      'one',
      (one) =>
        at(one, 'status.containerStatuses.0.restartCount') === 1 &&
        at(one, 'status.containerStatuses.0.state.running') !== undefined,
    );
    return [await logOf(c, 'one', 'previous=true'), await c.kubectl('logs', 'one', '--previous')];
  },

  'no run before': async (c) => {
    await ready(c, pod('one', [container(forever)]));
    return logOf(c, 'one', 'previous=true');
  },

  'a container that is not there': async (c) => {
    await finished(c, onePod('one', 'true'));
    return [await logOf(c, 'one', 'container=none'), await logOf(c, 'none')];
  },

  'several containers': async (c) => {
    await finished(
      c,
      pod('one', [container('echo main'), container('echo side', { name: 'side' })], { restartPolicy: 'Never' }),
    );
    return [
      await logOf(c, 'one'),
      await logOf(c, 'one', 'container=side'),
      await c.kubectl('logs', 'one', '--all-containers', '--prefix'),
    ];
  },

  'of an init container': async (c) => {
    await finished(
      c,
      pod('one', [container('echo main')], {
        restartPolicy: 'Never',
        initContainers: [container('echo first', { name: 'init' })],
      }),
    );
    return logOf(c, 'one', 'container=init');
  },

  'before it has begun': async (c) => {
    await waiting(
      c,
      pod('one', [container('true', { image: 'devloop-none:1', imagePullPolicy: 'Never' })]),
      'ErrImageNeverPull',
    );
    return logOf(c, 'one');
  },

  'of a pod without a node': async (c) => {
    await c.create('pods', pod('one', [container('true')], { nodeSelector: { none: 'here' } }));
    return logOf(c, 'one');
  },

  'a long line': async (c) => {
    await finished(
      c,
      onePod('one', 'i=0; while [ $i -lt 4000 ]; do printf 0123456789; i=$((i+1)); done; echo; echo end'),
    );
    const text = String(await logOf(c, 'one'));
    return [text.length, text.slice(-5)];
  },

  'kubectl logs': async (c) => {
    await finished(c, onePod('one', ten));
    return [
      await c.kubectl('logs', 'one', '--tail=1'),
      await c.kubectl('logs', '-l', 'app=one', '--tail=2'),
      await c.kubectl('logs', 'none'),
      await c.kubectl('logs', 'one', '-c', 'none'),
    ];
  },
});
