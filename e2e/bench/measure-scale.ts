import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../harness/command.ts';
import type { DashboardTerminal } from './dashboard-terminal.ts';
import { type ScaleProject, serviceName } from './scale-project.ts';
import { selectedService } from './selected-service.ts';

const keysAfterwards = 400;
/** Milliseconds. */
const tooSlow = 300_000;

export interface ScaleMeasured {
  /** Milliseconds from the start of devloop until every pod is ready. */
  readonly running: number;
  /** Milliseconds from each key to its frame. */
  readonly starting: readonly number[];
  readonly afterwards: readonly number[];
}

/** Presses keys on the dashboard all the time, first while the pods start, then when they run. */
export async function measureScale(
  terminal: DashboardTerminal,
  project: ScaleProject,
  kubeconfig: string,
): Promise<ScaleMeasured> {
  const started = performance.now();
  await terminal.shows((rows) => selectedService(rows) === serviceName(0));
  const keys = new KeyPresses(terminal, project.services);
  let running: number | undefined;
  const allReady = untilReady(project, kubeconfig).then(() => {
    running = performance.now() - started;
  });
  const starting: number[] = [];
  while (running === undefined) starting.push(await keys.press());
  await allReady;
  const afterwards: number[] = [];
  while (afterwards.length < keysAfterwards) afterwards.push(await keys.press());
  return { running, starting, afterwards };
}

/** Down to the last service and up again, with pauses that keep no beat. */
class KeyPresses {
  readonly #terminal: DashboardTerminal;
  readonly #services: number;
  #selected = 0;
  #down = true;

  constructor(terminal: DashboardTerminal, services: number) {
    this.#terminal = terminal;
    this.#services = services;
  }

  async press(): Promise<number> {
    await sleep(30 + Math.random() * 90);
    if (this.#selected === 0) this.#down = true;
    if (this.#selected === this.#services - 1) this.#down = false;
    this.#selected += this.#down ? 1 : -1;
    const wanted = serviceName(this.#selected);
    return this.#terminal.timed(this.#down ? 'j' : 'k', (rows) => selectedService(rows) === wanted);
  }
}

/** The processes are counted first, as the API is what is measured. */
async function untilReady({ services, replicas, sleeps }: ScaleProject, kubeconfig: string): Promise<void> {
  const deadline = performance.now() + tooSlow;
  let processes = 0;
  let ready = 0;
  while (ready < services * replicas) {
    if (performance.now() > deadline)
      throw new Error(`only ${processes} processes, ${ready} ready pods after ${tooSlow / 1000} s`);
    await sleep(500);
    processes = Number((await run('pgrep', ['-fc', `sleep ${sleeps}$`])).stdout);
    if (processes >= services * replicas) ready = await readyPods(kubeconfig);
  }
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly { user: { token: string } }[];
}

async function readyPods(kubeconfig: string): Promise<number> {
  const { clusters, users } = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const ca = Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64');
  const headers = { authorization: `Bearer ${users[0]?.user.token}` };
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(`${cluster?.server}/apis/apps/v1/namespaces/scale/deployments`, { ca, headers });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      resolve(body);
    });
    sent.end();
  });
  const { items } = JSON.parse(text) as { items: { status?: { readyReplicas?: number } }[] };
  return items.reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0);
}
