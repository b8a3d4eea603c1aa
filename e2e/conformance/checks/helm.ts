import path from 'node:path';
import type { HelmMajor } from '../../../helm/test/helm-binaries.ts';
import { group } from '../check.ts';
import type { Client } from '../client/client.ts';
import type { Said } from '../client/tools.ts';
import { at, itemsOf, nameOf, pick } from '../values/at.ts';

const chart = path.join(import.meta.dirname, '../chart');

/** What helm said without moments, durations, its own log, and pods' states, which change while it looks. */
const plain = ({ code, stdout, stderr }: Said) => ({
  code,
  stdout: stdout
    .replace(/^RESOURCES:[\s\S]*(?=TEST SUITE)/m, '')
    .replace(/ +\t/g, '\t')
    .replace(/\d+(\.\d+)?(ms|s)\b/g, '<duration>'),
  stderr: stderr
    .replace(/^(I|W|E)?\d{4} .*\n/gm, '')
    .replace(/^(time=|level=).*\n/gm, '')
    .replaceAll(chart, '<chart>'),
});

const data = async (c: Client) => at(await c.read('configmaps', 'web'), 'data');

const kept = async (c: Client) => {
  const secrets = itemsOf(await c.list('secrets', 'labelSelector=owner%3Dhelm'));
  return secrets.map((secret) => [
    nameOf(secret),
    at(secret, 'type'),
    pick(at(secret, 'metadata.labels'), 'name', 'owner', 'status', 'version'),
  ]);
};

function ofHelm(major: HelmMajor) {
  const wait = ['--wait', '--timeout', '60s'];
  const helm = async (c: Client, ...args: string[]) => plain(await c.helm(major, ...args));
  const install = (c: Client, ...more: string[]) => helm(c, 'install', 'web', chart, ...more);
  const upgrade = (c: Client, ...more: string[]) => helm(c, 'upgrade', 'web', chart, ...more);

  return group(`helm ${major}`, {
    'install and wait': async (c) => {
      const said = await install(c, ...wait);
      const web = await c.read('deployments', 'web');
      return [
        said,
        await data(c),
        pick(web, 'metadata.labels', 'metadata.annotations', 'status.readyReplicas'),
        await kept(c),
      ];
    },

    'a name that is in use': async (c) => [await install(c), pick(await install(c), 'code', 'stderr')],

    'upgrade, history, rollback': async (c) => {
      await install(c, ...wait);
      const upgraded = await upgrade(c, ...wait, '--set', 'word=other');
      const between = await data(c);
      const back = await helm(c, 'rollback', 'web', '1', ...wait);
      const history = JSON.parse((await c.helm(major, 'history', 'web', '--output', 'json')).stdout) as unknown[];
      const revisions = history.map((one) => pick(one, 'revision', 'status', 'description', 'chart'));
      return [upgraded, between, back, await data(c), revisions, await kept(c)];
    },

    'status, list and get': async (c) => {
      await install(c, '--set', 'word=mine');
      const all = [
        ['status', 'web'],
        ['list'],
        ['get', 'values', 'web'],
        ['get', 'values', 'web', '--all'],
        ['get', 'manifest', 'web'],
        ['get', 'notes', 'web'],
        ['get', 'values', 'none'],
      ];
      const answers = [];
      for (const args of all) answers.push(await helm(c, ...args));
      return answers;
    },

    uninstall: async (c) => {
      await install(c);
      const said = await helm(c, 'uninstall', 'web');
      const gone = await Promise.all(
        ['configmaps', 'services', 'deployments'].map(
          async (resource) => (await c.ask('GET', c.path(resource, 'web'))).status,
        ),
      );
      return [said, gone, await kept(c), await helm(c, 'uninstall', 'web')];
    },

    'uninstall that keeps the history': async (c) => {
      await install(c);
      return [await helm(c, 'uninstall', 'web', '--keep-history'), await kept(c)];
    },

    'an object that is not valid': async (c) => {
      const said = await install(c, '--set', 'valid=false');
      return [said, await kept(c)];
    },

    'wait for one that is never ready': async (c) => {
      const { code } = await install(c, '--wait', '--timeout', '4s', '--set', 'ready=false');
      const status = JSON.parse((await c.helm(major, 'status', 'web', '--output', 'json')).stdout) as unknown;
      return [code, at(status, 'info.status'), await kept(c)];
    },

    'an object that is there already': async (c) => {
      await c.create('configmaps', { metadata: { name: 'web' } });
      return install(c);
    },

    'an object that was removed comes again': async (c) => {
      const { code, stderr } = await install(c);
      if (code !== 0) throw new Error(stderr);
      await c.remove('services', 'web');
      return [await upgrade(c), at(await c.read('services', 'web'), 'spec.ports')];
    },

    'what somebody changed': async (c) => {
      await install(c);
      await c.patch('merge', 'deployments', 'web', { metadata: { labels: { by: 'hand' } }, spec: { replicas: 0 } });
      await upgrade(c, '--set', 'word=other');
      return pick(await c.read('deployments', 'web'), 'metadata.labels', 'spec.replicas');
    },

    'dry run': async (c) => pick(await install(c, '--dry-run=server'), 'code', 'stdout'),
  });
}

/** Helm 3 and Helm 4, as they are. */
export const helms = [...ofHelm(3), ...ofHelm(4)];
