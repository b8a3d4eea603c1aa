import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Trial } from './trial.ts';

/** Milliseconds from one lot to the next. */
const beat = 50;
const connections = 20;

/**
 * Asks the API server for a namespace's pods, over connections of its own.
 * @param rate requests a second
 * @param duration milliseconds
 * @throws when it did not answer half of them in that time
 */
export async function flood({ kubeconfig, kubectl }: Trial, rate: number, duration: number): Promise<void> {
  const { server, ...credentials } = await readKubeconfig(kubeconfig);
  const agent = new https.Agent({ ...credentials, keepAlive: true, maxSockets: connections });
  let answered = 0;
  const ask = () => {
    const path = `/api/v1/namespaces/${kubectl.namespace}/pods`;
    https
      .get(`${server}${path}`, { agent }, (response) => {
        answered += 1;
        response.resume();
      })
      // Those that are still waiting at the end.
      .on('error', () => {});
  };
  for (const until = performance.now() + duration; performance.now() < until; ) {
    for (let number = 0; number < (rate * beat) / 1000; number += 1) ask();
    await sleep(beat);
  }
  agent.destroy();
  if (answered < (rate * duration) / 2000) throw new Error(`The API server has answered ${answered} requests only`);
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** The first server and user of a kubeconfig, with what is in it or in the files that it names. */
async function readKubeconfig(file: string) {
  const { clusters, users }: Kubeconfig = parse(await readFile(file, 'utf8'));
  const [cluster = {}, user = {}] = [clusters[0]?.cluster, users[0]?.user];
  const content = async (entry: Readonly<Record<string, string>>, key: string) => {
    const inline = entry[`${key}-data`];
    return inline === undefined ? readFile(entry[key] ?? '') : Buffer.from(inline, 'base64');
  };
  return {
    server: cluster['server'] ?? '',
    ca: await content(cluster, 'certificate-authority'),
    cert: await content(user, 'client-certificate'),
    key: await content(user, 'client-key'),
  };
}
