import { readFile } from 'node:fs/promises';
import { timestamp } from '../../store/object-store.ts';
import type { Container } from '../../store/objects.ts';
import type { ContainerLog } from '../logs/container-log.ts';
import type { Terminated } from './container-record.ts';

/** https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ Bytes, bytes, lines. */
const messageSize = 4096;
const logSize = 2048;
const logLines = 80;

/** The state of a container that has ended. `startedAt` and `finishedAt` are epoch milliseconds. */
export async function terminated(
  { terminationMessagePolicy }: Container,
  run: { readonly terminationLog: string; readonly log: ContainerLog; readonly id: string; readonly startedAt: number },
  exitCode: number,
  finishedAt: number,
): Promise<Terminated> {
  const written = await readFile(run.terminationLog).catch(() => Buffer.alloc(0));
  let message = written.subarray(0, messageSize).toString();
  if (!message && exitCode !== 0 && terminationMessagePolicy === 'FallbackToLogsOnError') {
    message = run.log.tail(logLines).slice(-logSize);
  }
  return {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    ...(message && { message }),
    startedAt: timestamp(run.startedAt),
    finishedAt: timestamp(finishedAt),
    containerID: run.id,
  };
}
