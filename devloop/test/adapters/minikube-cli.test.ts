import { describe, expect, it } from '@jest/globals';
import {
  type MinikubeProfile,
  minikubeProfiles,
  minikubeTarget,
  parseDockerEnv,
  parseProfiles,
} from '../../src/adapters/minikube/minikube-cli.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeRun } from '../fakes/run-command.ts';

const profileJson = (name: string, change: object = {}, config: object = {}) => ({
  Name: name,
  Status: 'OK',
  Config: {
    Name: name,
    KubernetesConfig: { ContainerRuntime: 'docker' },
    Nodes: [{ Name: '', Port: 8443 }],
    ...config,
  },
  Active: false,
  ...change,
});
const listOf = (...valid: readonly object[]) => JSON.stringify({ invalid: [], valid });

describe('minikube profile list', () => {
  it('gives name, state, runtime, nodes and which is active', () => {
    const text = listOf(
      profileJson('minikube', { Active: true }),
      profileJson(
        'second',
        { Status: 'Stopped' },
        { KubernetesConfig: { ContainerRuntime: 'containerd' }, Nodes: [{}, {}] },
      ),
    );
    expect(parseProfiles(text)).toEqual([
      { name: 'minikube', status: 'OK', runtime: 'docker', nodes: 1, active: true },
      { name: 'second', status: 'Stopped', runtime: 'containerd', nodes: 2, active: false },
    ]);
  });

  it('fills in what older versions leave out', () => {
    expect(parseProfiles(JSON.stringify({ valid: [{ Name: 'minikube', Status: 'Running' }] }))).toEqual([
      { name: 'minikube', status: 'Running', runtime: 'docker', nodes: 1, active: false },
    ]);
    expect(
      parseProfiles(listOf(profileJson('m', {}, { Nodes: null, KubernetesConfig: { ContainerRuntime: '' } })))[0],
    ).toMatchObject({ runtime: 'docker', nodes: 1 });
  });

  it.each([
    '',
    '{"invalid":[],"valid":[]}',
    '{"invalid":null,"valid":null}',
    'null',
    '* Profile "minikube" not found. Run "minikube profile list"',
    '{"error":"no profile"}',
  ])('gives none for %j', (text) => {
    expect(parseProfiles(text)).toEqual([]);
  });

  it('is undefined where minikube is not installed', async () => {
    expect(await minikubeProfiles(createFakeRun({ minikube: 'not installed' }).run)).toBeUndefined();
    const { run, lines } = createFakeRun({ minikube: { stdout: listOf(profileJson('minikube')) } });
    expect((await minikubeProfiles(run))?.[0]?.name).toBe('minikube');
    expect(lines()).toEqual(['minikube profile list --output json']);
  });

  it('passes on any other failure', async () => {
    const run = () => Promise.reject(new Error('out of memory'));
    await expect(minikubeProfiles(run)).rejects.toThrow('out of memory');
  });
});

describe('minikube docker-env', () => {
  it('is read from its lines', () => {
    const text =
      'DOCKER_TLS_VERIFY=1\nDOCKER_HOST=tcp://192.168.49.2:2376\r\nDOCKER_CERT_PATH="/home/a b/.minikube/certs"\nMINIKUBE_ACTIVE_DOCKERD=minikube\n# hint\nPATH=/evil\n';
    expect(parseDockerEnv(text)).toEqual({
      DOCKER_TLS_VERIFY: '1',
      DOCKER_HOST: 'tcp://192.168.49.2:2376',
      DOCKER_CERT_PATH: '/home/a b/.minikube/certs',
      MINIKUBE_ACTIVE_DOCKERD: 'minikube',
    });
  });
});

describe('the target of a profile', () => {
  const profile: MinikubeProfile = { name: 'minikube', status: 'OK', runtime: 'docker', nodes: 1, active: true };
  const running = {
    stdout: JSON.stringify({
      Name: 'minikube',
      Host: 'Running',
      Kubelet: 'Running',
      APIServer: 'Running',
      Kubeconfig: 'Configured',
      Worker: false,
    }),
  };
  const targetWith = (
    status: object,
    env: object = { stdout: 'DOCKER_HOST=h\n' },
    change: Partial<MinikubeProfile> = {},
  ) => {
    const { run, lines } = createFakeRun({
      [`minikube --profile ${change.name ?? 'minikube'} status`]: status,
      [`minikube --profile ${change.name ?? 'minikube'} docker-env`]: env,
    });
    return { target: minikubeTarget(run, { ...profile, ...change }, 'it runs'), lines };
  };

  it('builds in its own dockerd', async () => {
    const { target, lines } = targetWith(running);
    expect(await target).toEqual({
      kind: 'minikube',
      context: 'minikube',
      profile: 'minikube',
      why: 'it runs',
      dockerEnv: { DOCKER_HOST: 'h' },
      images: 'shared',
    });
    expect(lines()).toEqual([
      'minikube --profile minikube status --output json',
      'minikube --profile minikube docker-env --shell none',
    ]);
  });

  it.each([{ runtime: 'containerd' }, { runtime: 'cri-o' }, { nodes: 2 }])(
    'builds here and loads with %j',
    async (change) => {
      const several = {
        stdout: JSON.stringify([
          { Host: 'Running', Kubelet: 'Running', APIServer: 'Running' },
          { Host: 'Running', Kubelet: 'Running', APIServer: 'Irrelevant' },
        ]),
      };
      const { target, lines } = targetWith(several, {}, change);
      expect(await target).toMatchObject({ images: 'load', dockerEnv: {} });
      expect(lines()).toHaveLength(1);
    },
  );

  it.each([
    [
      'its host is Stopped',
      { exitCode: 7, stdout: '{"Name":"minikube","Host":"Stopped","Kubelet":"Stopped","APIServer":"Stopped"}' },
    ],
    ['its kubelet is Stopped', { exitCode: 4, stdout: '{"Host":"Running","Kubelet":"Stopped","APIServer":"Stopped"}' }],
    [
      'its API server is Paused',
      { exitCode: 2, stdout: '[{"Host":"Running","Kubelet":"Running","APIServer":"Paused"}]' },
    ],
    ['* Profile "minikube" not found', { exitCode: 85, stderr: '* Profile "minikube" not found\nmore' }],
    ['minikube status said nothing', { exitCode: 1 }],
  ])('is none when %s', async (why, status) => {
    const { problem, exitCode } = await faultOf(targetWith(status).target);
    expect(exitCode).toBe(3);
    expect(problem).toEqual({
      title: 'Minikube minikube does not run',
      why,
      fix: 'Start it: minikube start. Without it: --cluster sandbox',
    });
  });

  it('names another profile in the command to start it', async () => {
    const stopped = { exitCode: 7, stdout: '{"Host":"Stopped"}' };
    expect((await faultOf(targetWith(stopped, {}, { name: 'second' }).target)).problem.fix).toBe(
      'Start it: minikube start --profile second. Without it: --cluster sandbox',
    );
  });

  it('is none when its dockerd cannot be asked', async () => {
    const { problem } = await faultOf(
      targetWith(running, { exitCode: 89, stderr: 'X Exiting due to GUEST_STATUS\n' }).target,
    );
    expect(problem.why).toBe('X Exiting due to GUEST_STATUS');
    expect((await faultOf(targetWith(running, { exitCode: 89 }).target)).problem.why).toBe('docker-env failed (89)');
  });
});
