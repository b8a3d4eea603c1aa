import type { Duplex, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { messageOf } from '../../../model/errors.ts';
import type { Execution } from '../../node/node-access.ts';
import { exitStatus, failedStatus } from './exec-status.ts';

/** The client's end of a program: what it has asked for. */
export interface ExecClient {
  readonly stdin: Duplex | undefined;
  readonly stdout: Duplex | undefined;
  readonly stderr: Duplex | undefined;
  /** Takes one Status, when the program has ended. */
  readonly error: Duplex;
  /** Resolves when the client has gone. */
  readonly closed: Promise<void>;
  /** Sends what is written, and closes. */
  readonly close: () => void;
}

/** Connects a program to a client until it has ended; a client that goes takes the program with it. */
export async function runExecution(execution: Execution, client: ExecClient): Promise<void> {
  let running = true;
  void client.closed.then(() => {
    if (running) execution.kill();
  });
  connectStdin(execution, client.stdin);
  const outputs = [send(execution.stdout, client.stdout), send(execution.stderr, client.stderr)];
  client.error.resume();
  let status: Record<string, unknown>;
  try {
    status = exitStatus(await execution.exit);
  } catch (error) {
    status = failedStatus(messageOf(error));
  }
  running = false;
  // Input that comes now would else stop the client's connection, with its answer to our close.
  client.stdin?.unpipe().resume();
  await Promise.all(outputs);
  client.error.end(JSON.stringify(status));
  await finished(client.error, { readable: false }).catch(() => {});
  client.close();
  await client.closed;
}

function connectStdin({ stdin }: Execution, client: Duplex | undefined): void {
  if (!client) {
    stdin?.end();
    return;
  }
  if (!stdin) {
    client.resume();
    return;
  }
  // A program that does not read its input to the end breaks the pipe; the rest is for nobody.
  stdin.on('error', () => {});
  client.pipe(stdin);
  // After the pipe's own listener, which pauses the client.
  stdin.on('close', () => client.resume());
}

async function send(source: Readable | undefined, client: Duplex | undefined): Promise<void> {
  if (!source) {
    client?.end();
    return;
  }
  source.on('error', () => {});
  if (client) {
    client.resume();
    await pipeline(source, client).catch(() => {});
  } else source.resume();
}
