import { describe, expect, it } from '@jest/globals';
import { type ClusterRequest, chooseCluster } from '../../src/cli/choose-cluster.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createFakeRun } from '../fakes/run-command.ts';

interface Profile {
  readonly name: string;
  readonly status?: string;
  readonly active?: boolean;
  readonly runtime?: string;
}

const listOf = (profiles: readonly Profile[]) =>
  JSON.stringify({
    valid: profiles.map(({ name, status = 'OK', active = false, runtime = 'docker' }) => ({
      Name: name,
      Status: status,
      Active: active,
      Config: { KubernetesConfig: { ContainerRuntime: runtime }, Nodes: [{}] },
    })),
  });

/** Profiles of Minikube, one list for each time that it is asked; undefined: it is not installed. */
function minikube(...lists: readonly (readonly Profile[])[]) {
  if (lists.length === 0) return createFakeRun({ minikube: 'not installed' });
  const left = [...lists];
  return createFakeRun({
    'minikube profile list': async () => ({ stdout: listOf((left.length > 1 ? left.shift() : left[0]) ?? []) }),
    minikube: async ({ args }) => {
      if (args.includes('status')) return { stdout: '{"Host":"Running","Kubelet":"Running","APIServer":"Running"}' };
      return args.includes('docker-env') ? { stdout: `DOCKER_HOST=tcp://${args[1]}:2376\n` } : {};
    },
  });
}

const request = (
  change: Partial<ClusterRequest> = {},
  current = '',
  ...contexts: readonly string[]
): ClusterRequest => ({
  cluster: 'auto',
  allowContexts: [],
  kubeconfig: { current, contexts: [current, ...contexts].filter(Boolean) },
  ...change,
});

describe('by itself', () => {
  it('devloop takes a Minikube that runs', async () => {
    const target = await chooseCluster(minikube([{ name: 'minikube' }]).run, request({}, 'production'));
    expect(target).toEqual({
      kind: 'minikube',
      context: 'minikube',
      profile: 'minikube',
      why: 'a running Minikube',
      dockerEnv: { DOCKER_HOST: 'tcp://minikube:2376' },
      images: 'shared',
    });
  });

  it.each<[string, Profile[]]>([
    ['the active one', [{ name: 'a' }, { name: 'b', active: true }]],
    [
      'one that runs before the active one that does not',
      [{ name: 'a', status: 'Stopped', active: true }, { name: 'b' }],
    ],
  ])('of several it takes %s', async (_, profiles) => {
    expect((await chooseCluster(minikube(profiles).run, request())).profile).toBe('b');
  });

  it.each([
    ['kind-dev', { kind: 'kind', images: 'load', profile: 'dev' }],
    ['k3d-dev', { kind: 'k3d', images: 'load', profile: 'dev' }],
    ['docker-desktop', { kind: 'docker-desktop', images: 'shared' }],
    ['orbstack', { kind: 'orbstack', images: 'shared' }],
  ])('without Minikube it takes the local context %s', async (context, expected) => {
    const target = await chooseCluster(minikube().run, request({}, context));
    expect(target).toMatchObject({ ...expected, context, why: 'the current context, a local cluster', dockerEnv: {} });
  });

  it('it takes the local context beside a Minikube that is stopped, and says so', async () => {
    const { run } = minikube([{ name: 'minikube', status: 'Stopped' }]);
    const target = await chooseCluster(run, request({}, 'kind-dev', 'minikube'));
    expect(target).toMatchObject({
      kind: 'kind',
      why: 'the current context, a local cluster (Minikube minikube is stopped)',
    });
  });

  it.each([
    ['Minikube is not installed, and kubeconfig has no current context', minikube(), ''],
    ['Minikube has no cluster, and kubeconfig has no current context', minikube([]), ''],
    [
      'Minikube is not installed, and the current context gke_production is not a local cluster',
      minikube(),
      'gke_production',
    ],
  ])('it takes the sandbox where there is no cluster: %s', async (why, { run }, current) => {
    expect(await chooseCluster(run, request({}, current))).toEqual({
      kind: 'sandbox',
      context: 'sandbox',
      why,
      dockerEnv: {},
      images: 'shared',
    });
  });
});

describe('a Minikube that is stopped', () => {
  const stopped: Profile = { name: 'minikube', status: 'Stopped', active: true };

  it('is told with the command to start it', async () => {
    const { problem, exitCode } = await faultOf(chooseCluster(minikube([stopped]).run, request({}, 'minikube')));
    expect(exitCode).toBe(3);
    expect(problem).toEqual({
      title: 'Minikube minikube does not run',
      why: 'it is stopped',
      fix: 'Start it: minikube start. Without it: --cluster sandbox',
    });
  });

  it('is started when the user says so', async () => {
    const { run, lines } = minikube([stopped], [{ name: 'minikube' }]);
    const offered: string[] = [];
    const offerStart = async (profile: string) => offered.push(profile) > 0;
    expect(await chooseCluster(run, request({ offerStart }))).toMatchObject({
      context: 'minikube',
      why: 'Minikube, started on request',
    });
    expect(offered).toEqual(['minikube']);
    expect(lines()).toContain('minikube --profile minikube start');
  });

  it('is left alone when the user says no', async () => {
    const { run, lines } = minikube([stopped]);
    await faultOf(chooseCluster(run, request({ offerStart: async () => false })));
    expect(lines()).toEqual(['minikube profile list --output json']);
  });

  it('that does not start says why', async () => {
    const { run } = createFakeRun({
      'minikube profile list': { stdout: listOf([stopped]) },
      'minikube --profile minikube start': { exitCode: 80, stderr: 'starting\nX Exiting due to GUEST_PROVISION\n' },
    });
    const { problem } = await faultOf(chooseCluster(run, request({ offerStart: async () => true })));
    expect(problem.why).toBe('X Exiting due to GUEST_PROVISION');
  });
});

describe('--context', () => {
  const named = (context: string, change: Partial<ClusterRequest> = {}) =>
    request({ context, ...change }, 'minikube', 'kind-dev', 'staging', 'second');

  it('takes a local one', async () => {
    const target = await chooseCluster(minikube([{ name: 'minikube' }]).run, named('kind-dev'));
    expect(target).toMatchObject({ kind: 'kind', context: 'kind-dev', why: 'named by --context' });
  });

  it("takes a Minikube profile's, whatever it is called", async () => {
    const target = await chooseCluster(
      minikube([{ name: 'minikube' }, { name: 'second', runtime: 'containerd' }]).run,
      named('second'),
    );
    expect(target).toMatchObject({ kind: 'minikube', profile: 'second', images: 'load' });
  });

  it('refuses a remote one that is only named', async () => {
    const { kind, problem } = await faultOf(chooseCluster(minikube().run, named('staging')));
    expect(kind).toBe('usage');
    expect(problem.title).toBe('Context staging is not a local cluster');
    expect(problem.fix).toBe("Name it with --context staging and add allowContexts: ['staging'] to the configuration.");
  });

  it('takes a remote one that is named and allowed', async () => {
    const target = await chooseCluster(minikube().run, named('staging', { allowContexts: ['staging'] }));
    expect(target).toEqual({
      kind: 'other',
      context: 'staging',
      why: 'named by --context and allowed by the configuration',
      dockerEnv: {},
      images: 'shared',
    });
  });

  it('refuses a remote one that is allowed, but only current', async () => {
    const current = request({ cluster: 'context', allowContexts: ['staging'] }, 'staging');
    expect((await faultOf(chooseCluster(minikube().run, current))).kind).toBe('usage');
  });

  it('names those that there are when it is none of them', async () => {
    const { problem } = await faultOf(chooseCluster(minikube().run, named('stagin')));
    expect(problem).toMatchObject({
      title: 'There is no context stagin',
      why: 'kubeconfig has minikube, kind-dev, staging, second',
    });
  });
});

describe('--cluster and --profile', () => {
  it('--cluster context takes the current one over a Minikube that runs', async () => {
    const target = await chooseCluster(
      minikube([{ name: 'minikube' }]).run,
      request({ cluster: 'context' }, 'kind-dev'),
    );
    expect(target).toMatchObject({ kind: 'kind', why: 'the current context' });
  });

  it('--cluster context needs one', async () => {
    expect((await faultOf(chooseCluster(minikube().run, request({ cluster: 'context' })))).problem.title).toBe(
      'There is no cluster',
    );
  });

  it('--cluster minikube takes no other', async () => {
    const { problem } = await faultOf(chooseCluster(minikube().run, request({ cluster: 'minikube' }, 'kind-dev')));
    expect(problem.title).toBe('Minikube was not found');
  });

  it('--cluster sandbox takes it over a Minikube that runs, and asks nobody', async () => {
    const { run, lines } = minikube([{ name: 'minikube' }]);
    expect(await chooseCluster(run, request({ cluster: 'sandbox' }, 'kind-dev'))).toMatchObject({
      kind: 'sandbox',
      why: 'named by --cluster',
    });
    expect(lines()).toEqual([]);
  });

  it('--profile takes the one that is named', async () => {
    const { run } = minikube([{ name: 'minikube', active: true }, { name: 'second' }]);
    expect((await chooseCluster(run, request({ profile: 'second' }))).context).toBe('second');
  });

  it('--profile that is not there is told with the command to make it', async () => {
    const { run } = minikube([{ name: 'minikube', active: true }]);
    const { problem } = await faultOf(chooseCluster(run, request({ profile: 'third' }, 'kind-dev')));
    expect(problem).toEqual({
      title: 'Minikube third does not run',
      why: 'it is not created',
      fix: 'Start it: minikube start --profile third. Without it: --cluster sandbox',
    });
  });
});
