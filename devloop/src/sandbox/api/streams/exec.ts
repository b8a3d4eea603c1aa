import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { Clock } from '../../../model/clock.ts';
import { messageOf } from '../../../model/errors.ts';
import type { Execution, NodeAccess } from '../../node/node-access.ts';
import { ApiError } from '../../store/api-error.ts';
import type { Pod } from '../../store/objects.ts';
import { type ExecStreams, execChannels, execSession } from './exec-streams.ts';
import { containerOf, isAsked, requireNode } from './pod-container.ts';
import { runExecution } from './run-execution.ts';
import { refuseWithStatus, refuseWithText } from './status-answer.ts';
import { type Agreement, agree, switchToSpdy, switchToWebSocket, type Upgrade } from './upgrade.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/**
 * Answers an exec request, whatever it asks for, and serves it until the program has ended. The program is started
 * before the protocol changes, so that one that does not start is an answer that every client shows.
 */
export async function exec(node: NodeAccess, clock: Clock, upgrade: Upgrade, pod: Pod, url: URL): Promise<void> {
  upgrade.socket.on('error', () => upgrade.socket.destroy());
  try {
    const container = containerOf(pod, url.searchParams.get('container'));
    requireNode(pod);
    const streams = streamsOf(url);
    if (!streams.stdin && !streams.stdout && !streams.stderr) {
      refuseWithText(upgrade.socket, 400, 'you must specify at least 1 of stdin, stdout, stderr');
      return;
    }
    const agreed = agree(upgrade, { spdy: protocols, webSocket: protocols });
    if (!agreed) return;
    const command = url.searchParams.getAll('command');
    const { stdin, tty } = streams;
    const execution = await start(node, upgrade, pod, { container, command, stdin, tty });
    if (execution) await serve(execution, clock, upgrade, agreed, streams);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuseWithStatus(upgrade.socket, error);
  }
}

/** A terminal has no stderr of its own. */
function streamsOf(url: URL): ExecStreams {
  const tty = isAsked(url, 'tty');
  const [stdin, stdout] = [isAsked(url, 'stdin'), isAsked(url, 'stdout')];
  return { stdin, stdout, stderr: isAsked(url, 'stderr') && !tty, tty };
}

async function start(
  node: NodeAccess,
  { socket }: Upgrade,
  pod: Pod,
  query: Parameters<NodeAccess['exec']>[1],
): Promise<Execution | undefined> {
  try {
    return keptOutput(await node.exec(pod, query));
  } catch (error) {
    // The kubelet's own answers are plain text, and kubectl shows them as such.
    refuseWithText(socket, error instanceof ApiError ? error.code : 500, messageOf(error));
    return undefined;
  }
}

/** Until the client has opened its streams: Node throws away what a process that has ended said unheard. */
function keptOutput(execution: Execution): Execution {
  const keep = (output: Readable) => pipeline(output, new PassThrough(), () => {});
  const { stdout, stderr } = execution;
  return { ...execution, ...(stdout && { stdout: keep(stdout) }), ...(stderr && { stderr: keep(stderr) }) };
}

async function serve(
  execution: Execution,
  clock: Clock,
  upgrade: Upgrade,
  { transport, protocol }: Agreement,
  streams: ExecStreams,
): Promise<void> {
  if (upgrade.socket.destroyed) {
    execution.kill();
    return;
  }
  const webSocket = transport === 'websocket' ? switchToWebSocket(upgrade, protocol) : undefined;
  let client = webSocket && execChannels(webSocket, protocol, streams, clock);
  if (transport === 'spdy') client = await execSession(switchToSpdy(upgrade, protocol), streams, clock);
  if (client) await runExecution(execution, client);
  else execution.kill();
}
