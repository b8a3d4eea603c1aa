import { readFileSync } from 'node:fs';
import { output, run } from '../harness/command.ts';
import type { Fault } from './fault.ts';
import type { Trial } from './trial.ts';

const toApiServer = ['OUTPUT', '--protocol', 'tcp', '--destination-port', '8443', '--jump'];

/** Connections that are cut, reset or say nothing any more. */
export const networkFaults: readonly Fault[] = [
  {
    ...{ name: 'forwarded connections cut', part: 'forwards', within: 10_000, mayFail: 0 },
    inject: cutForwards,
  },
  {
    ...{
      name: 'connections to the API server reset for 3 s',
      part: 'logs and watches',
      within: 15_000,
      mayFail: 0,
      lasts: 3000,
    },
    inject: () => iptables('--insert', ...toApiServer, 'REJECT', '--reject-with', 'tcp-reset'),
    heal: () => iptables('--delete', ...toApiServer, 'REJECT', '--reject-with', 'tcp-reset'),
  },
  {
    ...{
      name: 'packets to the API server dropped for 10 s',
      part: 'logs and watches',
      within: 20_000,
      mayFail: 0,
      lasts: 10_000,
    },
    inject: () => iptables('--insert', ...toApiServer, 'DROP'),
    heal: () => iptables('--delete', ...toApiServer, 'DROP'),
  },
];

const iptables = (...args: string[]): Promise<string> => output('iptables', ['--wait', ...args]);

/** Ends what the kubelet started for each forwarded connection, a hundred times in two seconds. */
async function cutForwards(trial: Trial): Promise<void> {
  const kubelet = trial.part('kubelet').pid;
  let cut = 0;
  for (let time = 0; time < 100; time += 1) {
    const { stdout } = await run('pgrep', ['--parent', `${kubelet}`]);
    for (const pid of stdout.split('\n').filter((one) => one !== '')) {
      if (!commandOf(pid).includes('socat')) continue;
      cut += 1;
      await run('kill', ['-KILL', pid]);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (cut === 0) throw new Error('The kubelet had no connection to cut');
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
