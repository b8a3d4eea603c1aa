import type { Client } from './client/client.ts';
import type { Said } from './client/tools.ts';
import { workload } from './objects.ts';

/** Tables without ages and the widths that they bring. */
export const plain = ({ code, stdout, stderr }: Said) => ({
  code,
  stdout: stdout
    .replace(/\b(\d+[smh])+\b/g, '<age>')
    .replace(/ {2,}/g, '  ')
    .replace(/ +$/gm, ''),
  stderr,
});

export const manifest = (kind: string, object: object) =>
  JSON.stringify({ apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, ...object });

export const deployed = async (c: Client) => {
  await c.create('deployments', workload('web'));
  return c.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
};

/** Everything of `describe` but what is of this cluster. */
export const described = async (c: Client, what: string, name: string) => {
  const { code, stdout, stderr } = plain(await c.kubectl('describe', what, name));
  const own = /^(Node|Start Time|IP|IPs| {2}IP|\s+(Started|Finished|Container ID|Image ID)):/;
  return {
    code,
    stderr,
    lines: stdout
      .split('\n')
      .filter((line) => !own.test(line))
      .map((line) => line.replace(/^( *Normal| +Warning)(.*)<age>( \(x\d+ over <age>\))?/, '$1$2<age>')),
  };
};
