import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { carryIntoNode } from '../../src/adapters/docker/carry-into-node.ts';
import type { ClusterTarget } from '../../src/model/cluster.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeRun } from '../fakes/run-command.ts';

const target = (kind: ClusterTarget['kind'], profile?: string): ClusterTarget => ({
  kind,
  context: 'c',
  why: '',
  dockerEnv: { DOCKER_HOST: 'h' },
  images: 'load',
  ...(profile && { profile }),
});
const never = new AbortController().signal;

describe('an image is carried into the node', () => {
  it.each<[ClusterTarget['kind'], string | undefined, string]>([
    ['kind', 'dev', 'kind load docker-image a:1 --name dev'],
    ['kind', undefined, 'kind load docker-image a:1 --name kind'],
    ['k3d', 'dev', 'k3d image import a:1 --cluster dev'],
    ['minikube', 'second', 'minikube --profile second image load a:1'],
  ])('of %s %s', async (kind, profile, line) => {
    const { run, lines } = createFakeRun({ '': {} });
    await carryIntoNode(run, target(kind, profile), 'a:1', never);
    expect(lines()).toEqual([line]);
  });

  it('of microk8s by a file that is gone afterwards', async () => {
    const { run, calls } = createFakeRun({ '': {} });
    await carryIntoNode(run, target('microk8s'), 'a:1', never);
    const file = calls[0]?.args[2] ?? '';
    expect(calls.map(({ file: program, args }) => [program, ...args])).toEqual([
      ['docker', 'save', '--output', file, 'a:1'],
      ['microk8s', 'images', 'import', file],
    ]);
    expect([path.basename(file), existsSync(path.dirname(file))]).toEqual(['image.tar', false]);
  });
});

describe('a tool that fails', () => {
  it('is told with its last line and the command to try', async () => {
    const { run } = createFakeRun({ kind: { exitCode: 1, stderr: 'ERROR:\nno nodes found for cluster "dev"\n' } });
    const { kind, problem } = await faultOf(carryIntoNode(run, target('kind', 'dev'), 'a:1', never));
    expect(kind).toBe('outside');
    expect(problem).toEqual({
      title: 'The image could not be taken into the cluster',
      why: 'no nodes found for cluster "dev"',
      fix: 'Run it by hand to see more: kind load docker-image a:1 --name dev',
    });
  });

  it('in silence is told by its exit code', async () => {
    const { run } = createFakeRun({ k3d: { exitCode: 9 } });
    expect((await faultOf(carryIntoNode(run, target('k3d', 'd'), 'a:1', never))).problem.why).toBe(
      'k3d failed with exit code 9',
    );
  });

  it('leaves no file behind', async () => {
    const { run, calls } = createFakeRun({ 'docker save': { exitCode: 1, stderr: 'no space left on device' } });
    await faultOf(carryIntoNode(run, target('microk8s'), 'a:1', never));
    expect(existsSync(path.dirname(calls[0]?.args[2] ?? ''))).toBe(false);
  });

  it('because it was cut off is no failure', async () => {
    const controller = new AbortController();
    const { run } = createFakeRun({
      kind: async () => {
        controller.abort(new Error('stopped'));
        return { exitCode: 1 };
      },
    });
    await expect(carryIntoNode(run, target('kind'), 'a:1', controller.signal)).rejects.toThrow('stopped');
  });
});
