import { setTimeout as sleep } from 'node:timers/promises';
import type { EditTiming } from '../../devloop/src/model/events.ts';
import type { Loop } from '../harness/devloop.ts';
import { type AppPorts, markBackend, newMarker } from '../harness/tasks-app.ts';
import type { Workspace } from '../harness/workspace.ts';
import { Poller } from './poller.ts';

const warmUps = 2;
const edits = 10;
/** Milliseconds between edits, so that the pod which the last one replaced is gone. */
const pause = 3000;

export interface MeasuredEdit {
  /** From the save to the first answer that shows it, milliseconds. */
  readonly live: number;
  /** devloop's own account of the same edit. */
  readonly parts: EditTiming;
}

export interface Measured {
  readonly edits: readonly MeasuredEdit[];
  readonly requests: number;
  /** Why, one entry a request. */
  readonly failures: readonly string[];
}

/** Edits the backend again and again while its forwarded port is asked all the time. */
export async function measure(loop: Loop, workspace: Workspace, ports: AppPorts): Promise<Measured> {
  await loop.ready();
  const url = `http://127.0.0.1:${ports.backend}/api/info`;
  await measureEdits(loop, workspace, url, warmUps);
  return measureEdits(loop, workspace, url, edits);
}

async function measureEdits(loop: Loop, workspace: Workspace, url: string, count: number): Promise<Measured> {
  const poller = new Poller(url);
  const measured: MeasuredEdit[] = [];
  try {
    while (measured.length < count) measured.push(await measureEdit(loop, workspace, poller));
  } finally {
    await poller.stop();
  }
  return { edits: measured, requests: poller.requests, failures: poller.failures };
}

async function measureEdit(loop: Loop, workspace: Workspace, poller: Poller): Promise<MeasuredEdit> {
  const from = loop.mark();
  const marker = newMarker();
  const answered = poller.firstWith(marker, 60_000);
  const saved = performance.now();
  await markBackend(workspace, marker);
  const live = (await answered) - saved;
  const event = await loop.next('service.live', ({ service }) => service === 'backend', { from });
  await sleep(pause);
  return { live, parts: event.ms };
}
