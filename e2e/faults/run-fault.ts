import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from '../harness/http.ts';
import type { Stage } from '../harness/stage.ts';
import { compareLines } from './compare-lines.ts';
import { isNumbered } from './container-logs.ts';
import type { Fault, Outcome } from './fault.ts';
import { heldThings } from './held-things.ts';
import { homeOf, Trial } from './trial.ts';

/** Milliseconds. */
const before = 3000;
const usualLength = 5000;
/**
 * For an ordinary edit once all is over; for the last lines to be told; for what is no longer needed to be let go: a connection
 * that is kept for the next request closes after 10 s, an idle port-forward session after 30 s.
 */
const ordinary = 10_000;
const linesToCome = 15_000;
const letGo = 45_000;
/** So many more handles may be open: connections that are kept for the next request. */
const moreHandles = 6;

/** The exit code of a devloop that was ended by SIGINT. */
const interrupted = 130;

/** One fault from its injection to the last check. Rejects when not even the loop began well. */
export async function runFault(fault: Fault, stage: Stage, evidence: string): Promise<Outcome> {
  const undo = await fault.prepare?.(homeOf(stage));
  try {
    return await tryFault(fault, stage, evidence);
  } finally {
    await undo?.();
  }
}

async function tryFault(fault: Fault, stage: Stage, evidence: string): Promise<Outcome> {
  const trial = await Trial.start(stage, fault.start);
  const broken: string[] = [];
  /** What is not as promised is noted, and the rest looked at all the same. */
  const check = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error) => broken.push(`${what}: ${String(error.message ?? error).split('\n')[0]}`));
  };
  let recovery: number | undefined;
  let lines = 0;
  try {
    trial.startEdits();
    await sleep(before);
    const images = await trial.images();
    const held = heldThings(trial.loop.pid);
    await check('injecting', () => fault.inject(trial));
    await sleep(fault.lasts ?? (fault.heal ? usualLength : 0));
    trial.stopEdits();
    await trial.edit();
    const healed = performance.now();
    await check('healing', async () => fault.heal?.(trial));
    await check('the last edit', async () => {
      recovery = (await trial.poller.firstWith(trial.marker, fault.within)) - healed;
    });
    await check('an edit after it', async () => {
      await trial.edit();
      await trial.poller.firstWith(trial.marker, ordinary);
    });
    await check('what else is promised', async () => fault.also?.(trial));
    await check('log lines', async () => {
      const written = trial.logs.lines();
      lines = written.flat().length;
      await poll('all lines', async () => requireLines(written, trial), { timeout: linesToCome, interval: 500 });
    });
    await check('what devloop holds', () =>
      poll('it to be let go', async () => requireHeld(held, trial), { timeout: letGo, interval: 500 }),
    );
    // One that is just being pruned has no name for a moment.
    await check('images', () =>
      poll('them to be as before', async () => requireImages(images, trial), { timeout: letGo, interval: 500 }),
    );
    await trial.poller.stop();
    const { requests, failures } = trial.poller;
    if (failures.length > (fault.mayFail ?? Number.POSITIVE_INFINITY))
      broken.push(`${failures.length} requests failed: ${[...new Set(failures)].join(', ')}`);
    trial.loop.requireEvents();
    await check('its end', async () => {
      const { code, signal } = await trial.loop.stop();
      if (code !== interrupted) throw new Error(`exit code ${code}, signal ${signal}`);
      await trial.mark.requireNone();
      const left = await trial.temporaryFiles();
      if (left.length > 0) throw new Error(`temporary files are left: ${left.join(', ')}`);
    });
    await trial.keepEvents(evidence);
    return {
      ...{ fault, requests, failed: failures.length, edits: trial.edits, lines, broken },
      ...(recovery !== undefined && { recovery }),
    };
  } finally {
    await trial.close();
  }
}

function requireLines(written: readonly (readonly string[])[], trial: Trial): true {
  const differences = trial.loops.map((loop) => {
    const told = loop.since(0, 'log').map(({ line }) => line);
    const texts = told.filter(({ source, text }) => source === 'container' && isNumbered(text)).map(({ text }) => text);
    return compareLines(written, { lines: texts, old: trial.oldLines(loop), isOver: loop.hasEnded });
  });
  const lost = differences.flatMap((one) => one.lost);
  const doubled = differences.flatMap((one) => one.doubled);
  if (lost.length === 0 && doubled.length === 0) return true;
  const some = (all: readonly string[]) => (all.length === 0 ? '' : ` (${all[0]} to ${all.at(-1)})`);
  throw new Error(`${lost.length} lost${some(lost)}, ${doubled.length} doubled${some(doubled)}`);
}

function requireHeld(before: ReturnType<typeof heldThings>, { loop }: Trial): true {
  const now = heldThings(loop.pid);
  if (now.listeners.join() !== before.listeners.join())
    throw new Error(`it listens on ${now.listeners.join()}, before on ${before.listeners.join()}`);
  if (now.handles.length > before.handles.length + moreHandles)
    throw new Error(`open handles: ${countsOf(now.handles)}; before: ${countsOf(before.handles)}`);
  return true;
}

/** Each build leaves one image, and none without a name. */
async function requireImages(before: readonly string[], trial: Trial): Promise<true> {
  const now = await trial.images();
  const more = now.filter((image) => !before.includes(image));
  const started = trial.loops.flatMap((loop) => loop.since(0, 'build.started')).length;
  const nameless = more.filter((image) => image.endsWith('<none>'));
  if (more.length > started || nameless.length > 0)
    throw new Error(`${more.length} more after ${started} builds, ${nameless.length} without a name`);
  return true;
}

const countsOf = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} × ${word}`).join(', ');
