import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { ApiError } from '../store/api-error.ts';
import { execStartError } from './containers/run-beside.ts';
import { chooseRun } from './logs/log-request.ts';
import type { Execution, NodeAccess } from './node-access.ts';
import type { NodeContext } from './node-context.ts';
import { createStats } from './node-stats.ts';
import type { PodWorker } from './pods/pod-worker.ts';
import type { PodWorkers } from './pods/pod-workers.ts';
import { StartError } from './processes/find-program.ts';
import { type RunningProgram, runProgram } from './processes/run-program.ts';

/** What a kubelet serves of its pods. */
export function servePods(node: NodeContext, pods: PodWorkers): NodeAccess {
  const addressOf: NodeAccess['addressOf'] = (pod, port) => {
    const worker = pods.of(pod);
    const real = worker && node.ports.find(worker.podIP, port, false);
    return real === undefined ? undefined : { host: '127.0.0.1', port: real };
  };

  const logs: NodeAccess['logs'] = async (pod, query) => {
    const current = node.store.get('Pod', pod.metadata.namespace ?? '', pod.metadata.name) ?? pod;
    const id = chooseRun(current, query.container, query.previous);
    const log = pods.of(pod)?.container(query.container)?.logOf(id);
    // Runs of an earlier sandbox left no log.
    return log ? log.read(query) : Readable.from([]);
  };

  const exec: NodeAccess['exec'] = async (pod, { container, command, stdin, tty }) => {
    const run = pods.of(pod)?.container(container)?.run;
    if (run?.group === undefined) throw new ApiError(404, 'NotFound', `container not found ("${container}")`);
    const { env, folder, rewrite } = run.prepared;
    try {
      const program = await runProgram({ argv: command.map(rewrite), env, folder, stdin }, node);
      endWith(program, run.ended);
      const stdout = tty ? merge(program.stdout, program.stderr) : program.stdout;
      return {
        ...(program.stdin && { stdin: program.stdin }),
        stdout,
        ...(!tty && { stderr: program.stderr }),
        exit: program.exit,
        kill: () => program.signal('SIGKILL'),
      };
    } catch (error) {
      if (error instanceof StartError) return notStarted(error, stdin);
      throw error;
    }
  };

  const dial: NodeAccess['dial'] = async (pod, port) => {
    const worker = pods.of(pod);
    const real = worker && node.ports.find(worker.podIP, port, true);
    // The kubelet's with Docker, which names the pod by the 64 digits of a container's id.
    const id = pod.metadata.uid.replaceAll('-', '').repeat(2);
    const refused = new Error(
      `error forwarding port ${port} to pod ${id}, uid : exit status 1: ${socatRefusal(worker, port, node.clock.now())}`,
    );
    if (real === undefined) throw refused;
    const socket = connect({ host: '127.0.0.1', port: real, allowHalfOpen: true });
    await once(socket, 'connect').catch(() => {
      throw refused;
    });
    return socket;
  };

  return { addressOf, logs, exec, dial, stats: createStats(pods, node.clock.now) };
}

/** What runs in a container ends when that does. */
function endWith(program: RunningProgram, ended: Promise<void> | undefined): void {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  program.exit.then(over, over);
  void ended?.then(() => isOver || program.signal('SIGKILL'));
}

/** What `socat` says, by which that kubelet connects. @param now epoch milliseconds */
function socatRefusal(worker: PodWorker | undefined, port: number, now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  const [main] = worker?.groups() ?? [];
  return `${time} socat[${main?.group ?? 1}] E connect(5, AF=2 127.0.0.1:${port}, 16): Connection refused`;
}

function merge(...streams: Readable[]): Readable {
  const all = new PassThrough();
  let open = streams.length;
  for (const stream of streams) {
    stream.pipe(all, { end: false });
    stream.once('close', () => {
      open -= 1;
      if (open === 0) all.end();
    });
  }
  return all;
}

/** Docker says what is wrong on the program's stdout, and kubectl reports the exit code 126. */
function notStarted(error: StartError, stdin: boolean): Execution {
  return {
    ...(stdin && { stdin: new PassThrough().resume() }),
    stdout: Readable.from([Buffer.from(execStartError(error))]),
    stderr: Readable.from([]),
    exit: Promise.resolve(126),
    kill: () => {},
  };
}
