import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { podReadings, type StatsSummary } from '../../../src/adapters/kubernetes/pod-readings.ts';
import { usageByGroup } from '../../../src/sandbox/node/processes/group-usage.ts';
import { until } from '../../fakes/ticks.ts';
import { isReady, startTestNode, type TestNode } from './support.ts';

interface Summary extends StatsSummary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string; readonly uid: string };
    readonly containers: readonly { readonly name: string; readonly cpu?: object; readonly memory?: object }[];
  }[];
}

let it: TestNode;
beforeAll(async () => {
  it = await startTestNode();
});
afterAll(() => it.close());

const summary = async () => (await it.node.stats()) as Summary;
const podNamed = async (name: string) => (await summary()).pods.find(({ podRef }) => podRef.name === name);
const linux = process.platform === 'linux' ? test : test.skip;

describe('what the node says its pods use', () => {
  linux('is the memory and processor time of their processes, as a kubelet has it', async () => {
    it.run('idle', { command: ['sleep', '1000'] });
    const pod = await it.until('idle', isReady);
    const found = await podNamed('idle');
    expect(found).toMatchObject({
      podRef: { name: 'idle', namespace: 'default', uid: pod.metadata.uid },
      containers: [
        {
          name: 'web',
          startTime: expect.any(String),
          cpu: { time: expect.any(String), usageCoreNanoSeconds: expect.any(Number) },
          memory: { workingSetBytes: expect.any(Number) },
        },
      ],
    });
    let memory = 0;
    const look = async () => {
      const now = await podNamed('idle');
      memory = podReadings({ pods: now ? [now] : [] })[0]?.memory ?? 0;
    };
    // A process that has only just begun has hardly any.
    await until('the program has its memory', () => {
      void look();
      return memory > 100_000;
    });
    expect(memory).toBeLessThan(50_000_000);
  });

  linux('counts what the container has started in process groups of their own', async () => {
    const script = `const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', 'globalThis.kept = Buffer.alloc(90 * 2 ** 20, 1); console.log("full"); setInterval(() => {}, 1000)'],
        { detached: true, stdio: 'inherit' });`;
    it.run('tree', { command: [process.execPath, '-e', script] });
    await it.until('tree', isReady);
    let memory = 0;
    const look = async () => {
      const pod = await podNamed('tree');
      memory = podReadings({ pods: pod ? [pod] : [] })[0]?.memory ?? 0;
    };
    await until('the child has its memory', () => {
      void look();
      return memory > 120 * 2 ** 20;
    });
    expect(memory).toBeGreaterThan(120 * 2 ** 20);
  });

  linux('has a rate from the second time on, once a second has passed', async () => {
    it.run('busy', { command: [process.execPath, '-e', 'for (;;) {}'] });
    await it.until('busy', isReady);
    const first = await podNamed('busy');
    expect(first?.containers[0]?.cpu).not.toHaveProperty('usageNanoCores');
    let found: object | undefined;
    const look = async () => {
      found = (await podNamed('busy'))?.containers[0]?.cpu;
    };
    await until('the rate is known', () => {
      void look();
      return found !== undefined && 'usageNanoCores' in found && (found.usageNanoCores as number) > 0;
    });
    expect(found).toHaveProperty('usageNanoCores');
  });

  test('leaves out pods that have no container any more', async () => {
    it.run('done', { command: ['true'] }, { restartPolicy: 'Never' });
    await it.until('done', ({ status }) => status?.phase === 'Succeeded');
    expect((await podNamed('done'))?.containers ?? []).toEqual([]);
  });

  test('is nothing for groups without a process', () => {
    expect(usageByGroup(new Set([2 ** 30]))).toEqual(new Map());
  });
});
