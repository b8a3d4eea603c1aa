import os from 'node:os';
import { timestamp } from '../store/object-store.ts';
import type { Node } from '../store/objects.ts';
import { hostIP, type NodeContext, nodeName } from './node-context.ts';

/** As often as the kubelet reports a node that does not change. Milliseconds. */
const heartbeat = 300_000;

const types = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'arm', ia32: '386' };

function statusOf(now: number, before: Node['status']): NonNullable<Node['status']> {
  const at = timestamp(now);
  const size = { cpu: String(os.cpus().length), memory: `${Math.floor(os.totalmem() / 1024)}Ki`, pods: '1000' };
  const system = os.platform();
  return {
    addresses: [
      { type: 'InternalIP', address: hostIP },
      { type: 'Hostname', address: nodeName },
    ],
    capacity: size,
    allocatable: size,
    conditions: types.map(([type, status, reason, message]) => {
      const { lastTransitionTime = at } = before?.conditions?.find((known) => known.type === type) ?? {};
      return { type, status, reason, message, lastHeartbeatTime: at, lastTransitionTime };
    }),
    nodeInfo: {
      architecture: architectures[os.arch()] ?? os.arch(),
      bootID: '',
      containerRuntimeVersion: 'sandbox://1',
      kernelVersion: os.release(),
      kubeProxyVersion: 'v1.35.0',
      kubeletVersion: 'v1.35.0',
      machineID: '',
      operatingSystem: system === 'win32' ? 'windows' : system,
      osImage: 'devloop sandbox',
      systemUUID: '',
    },
  };
}

/** Registers the node, and reports it until the returned function is called. */
export function registerNode({ store, clock }: Pick<NodeContext, 'store' | 'clock'>): () => void {
  const labels = {
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': os.platform(),
    'kubernetes.io/arch': architectures[os.arch()] ?? os.arch(),
  };
  if (!store.get('Node', '', nodeName)) store.create('Node', { metadata: { name: nodeName, labels }, spec: {} });
  let cancel = () => {};
  const report = () => {
    store.updateIfThere('Node', '', nodeName, (copy) => {
      copy.status = statusOf(clock.now(), copy.status);
    });
    cancel = clock.after(heartbeat, report);
  };
  report();
  return () => cancel();
}
