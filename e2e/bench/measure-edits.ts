import { setTimeout as sleep } from 'node:timers/promises';
import type { Loop } from '../harness/devloop.ts';
import { newMarker } from '../harness/tasks-app.ts';
import type { Asking, Measured, MeasuredEdit } from './measurement.ts';

const warmUps = 2;
const edits = 20;
/** Milliseconds for one edit. */
const patience = 60_000;

export interface Edits {
  readonly title: string;
  /** Those that each edit changes. */
  readonly services: readonly string[];
  readonly save: (marker: string) => Promise<unknown>;
  readonly ask: () => Asking;
  /** Milliseconds between edits. Default: 1000. */
  readonly pause?: number;
}

/** Makes edits one after the other while the services are asked all the time. */
export async function measureEdits(loop: Loop, work: Edits): Promise<Measured> {
  await makeEdits(loop, work, warmUps);
  return makeEdits(loop, work, edits);
}

async function makeEdits(loop: Loop, work: Edits, count: number): Promise<Measured> {
  const asking = work.ask();
  const measured: MeasuredEdit[] = [];
  try {
    while (measured.length < count) measured.push(await measureEdit(loop, work, asking));
  } finally {
    await asking.stop();
  }
  return { title: work.title, edits: measured, requests: asking.requests, failures: asking.failures };
}

async function measureEdit(loop: Loop, work: Edits, asking: Asking): Promise<MeasuredEdit> {
  const { services, save, pause = 1000 } = work;
  const from = loop.mark();
  const marker = newMarker();
  const answered = asking.firstWith(marker, patience);
  const saved = performance.now();
  const [at] = await Promise.all([answered, save(marker)]);
  const lives = services.map((name) => loop.next('service.live', ({ service }) => service === name, { from }));
  const [slowest] = (await Promise.all(lives)).map(({ ms }) => ms).sort((a, b) => b.total - a.total);
  if (!slowest) throw new Error('An edit has to change a service');
  await sleep(pause);
  return { live: at - saved, parts: slowest };
}
