import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../harness/environment.ts';
import { cli } from '../harness/paths.ts';
import { requireFreePorts } from '../harness/ports.ts';
import { DashboardTerminal } from './dashboard-terminal.ts';
import { untilReady } from './open-terminal.ts';
import { type ScaleProject, serviceName, writeScaleProject } from './scale-project.ts';
import { selectedService } from './selected-service.ts';

const project: ScaleProject = { services: 100, replicas: 1, firstPort: 17_500, sleeps: `100001.${process.pid}` };
/** Milliseconds between two of a key that is held, as terminals have it. */
const repeat = 33;
const rounds = 3;

/** Milliseconds from each `j` and `k` to the frame that selects its service, while the key is held. */
export async function measureScroll(): Promise<number[]> {
  await requireFreePorts(Array.from({ length: project.services }, (_, index) => project.firstPort + index));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devloop-scroll-'));
  await writeScaleProject(folder, project);
  const command = `'${process.execPath}' '${cli}' up --cluster sandbox`;
  const terminal = new DashboardTerminal(command, { cwd: folder, env: environment, columns: 120, rows: 40 });
  try {
    await terminal.shows((rows) => selectedService(rows) === serviceName(0));
    // The last one starts last, and shows only where it is selected.
    await held(terminal, 'j', 1);
    await untilReady(terminal, [serviceName(project.services - 1)]);
    await held(terminal, 'k', -1);
    const frames: number[] = [];
    for (let round = 0; round < rounds; round += 1)
      frames.push(...(await held(terminal, 'j', 1)), ...(await held(terminal, 'k', -1)));
    return frames;
  } finally {
    await terminal.quit();
    await rm(folder, { recursive: true, force: true });
  }
}

async function held(terminal: DashboardTerminal, key: string, step: 1 | -1): Promise<number[]> {
  const frames: Promise<number>[] = [];
  for (let moved = 1; moved < project.services; moved += 1) {
    const index = step === 1 ? moved : project.services - 1 - moved;
    frames.push(terminal.timed(key, (rows) => isAtOrBeyond(selectedService(rows), index, step)));
    await sleep(repeat);
  }
  return Promise.all(frames);
}

/** A frame may leave out what the next key has overtaken. */
function isAtOrBeyond(selected: string | undefined, index: number, step: 1 | -1): boolean {
  if (selected === undefined) return false;
  return step === 1 ? selected >= serviceName(index) : selected <= serviceName(index);
}
