import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createKubernetes } from '../../src/adapters/kubernetes/client.ts';
import { podReadings, type StatsSummary } from '../../src/adapters/kubernetes/pod-readings.ts';
import { type FakeApiServer, sendJson, sendStatus, startApiServer } from '../fakes/api-server.ts';

const time = '2026-01-31T14:03:20Z';
const at = Date.parse(time);
const podRef = { name: 'tasks-backend-x', namespace: 'tasks-dev', uid: 'u1' };
const cpu = { time, usageNanoCores: 12_345_678, usageCoreNanoSeconds: 5_000_000_000 };
const memory = {
  time,
  usageBytes: 90_000_000,
  workingSetBytes: 80_000_000,
  rssBytes: 70_000_000,
  pageFaults: 10,
  majorPageFaults: 0,
};

/** What a kubelet of Kubernetes 1.20 says: its own daemons are containers of the node, a pod has more than these two. */
const fromKubelet = {
  node: { nodeName: 'minikube', systemContainers: [{ name: 'kubelet', startTime: time, cpu, memory }], cpu, memory },
  pods: [
    {
      podRef,
      startTime: time,
      containers: [{ name: 'backend', startTime: time, cpu: { ...cpu, usageNanoCores: 12_000_000 }, memory }],
      cpu,
      memory,
      volume: [{ name: 'token', time, usedBytes: 12288 }],
      'ephemeral-storage': { time, usedBytes: 20480 },
    },
  ],
};

describe('the figures in a kubelet’s summary', () => {
  it.each<[string, StatsSummary, object[]]>([
    ['are the pod’s own', fromKubelet, [{ uid: 'u1', cpu: 12.345678, cpuTime: { ms: 5000, at }, memory: 80_000_000 }]],
    [
      'are the sum of its containers where the pod has none (Windows)',
      {
        pods: [
          {
            podRef,
            containers: [
              { cpu, memory },
              { cpu, memory },
            ],
          },
        ],
      },
      [{ uid: 'u1', cpu: 24.691356, cpuTime: { ms: 10_000, at }, memory: 160_000_000 }],
    ],
    [
      'leave out a container that has ended',
      { pods: [{ podRef, containers: [{}, { cpu, memory }] }] },
      [{ uid: 'u1', cpu: 12.345678, cpuTime: { ms: 5000, at }, memory: 80_000_000 }],
    ],
    [
      'have no rate where the kubelet has none',
      { pods: [{ podRef, cpu: { time, usageCoreNanoSeconds: 5_000_000_000 }, memory }] },
      [{ uid: 'u1', cpuTime: { ms: 5000, at }, memory: 80_000_000 }],
    ],
    [
      'are none for null, as Windows nodes have it',
      { pods: [{ podRef, cpu: null, memory: { workingSetBytes: null }, containers: null }] },
      [{ uid: 'u1' }],
    ],
    ['are 0 for 0', { pods: [{ podRef, cpu: { time, usageNanoCores: 0 } }] }, [{ uid: 'u1', cpu: 0 }]],
    [
      'have no time of a processor without a time to it',
      { pods: [{ podRef, cpu: { usageCoreNanoSeconds: 5_000_000_000 } }] },
      [{ uid: 'u1' }],
    ],
    ['leave out a pod without a uid', { pods: [{ podRef: {}, cpu, memory }, { cpu }] }, []],
    ['are none on a node without pods', { pods: [] }, []],
    ['are none where the kubelet says null', { pods: null }, []],
    ['are none in an empty answer', {}, []],
  ])('%s', (_, summary, expected) => {
    expect(podReadings(summary)).toEqual(expected);
  });
});

describe('a node that is asked', () => {
  let api: FakeApiServer;
  beforeEach(async () => {
    api = await startApiServer();
  });
  afterEach(() => api.close());
  const ask = (node: string) =>
    createKubernetes(api.connection, systemClock).podReadings(node, new AbortController().signal);

  it('is asked for processor and memory only, through the API server', async () => {
    api.answer = (_, response) => sendJson(response, fromKubelet);
    expect(await ask('minikube')).toHaveLength(1);
    const [request] = api.requests;
    expect(`${request?.method} ${request?.url.pathname}${request?.url.search}`).toBe(
      'GET /api/v1/nodes/minikube/proxy/stats/summary?only_cpu_and_memory=true',
    );
  });

  it('fails with the server’s own words when that is forbidden', async () => {
    const why = 'nodes "minikube" is forbidden: User "dev" cannot get resource "nodes/proxy" in API group ""';
    api.answer = (_, response) => sendStatus(response, 403, why);
    await expect(ask('minikube')).rejects.toMatchObject({ status: 403, message: expect.stringContaining(why) });
  });
});
