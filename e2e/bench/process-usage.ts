import { readdir, readFile } from 'node:fs/promises';

/** Of a process at one moment. */
export interface ProcessUsage {
  /** Resident, MB. */
  readonly memory: number;
  /** Milliseconds that its main thread has run, and all others. */
  readonly main: number;
  readonly others: number;
}

/** Linux gives times in hundredths of a second: proc(5), `stat`. */
const tick = 10;

export async function usageOf(pid: number): Promise<ProcessUsage> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const threads = await readdir(`/proc/${pid}/task`);
  let main = 0;
  let others = 0;
  for (const thread of threads) {
    const text = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => '');
    // after the name, which may have anything in it
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ran = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tick;
    if (Number(thread) === pid) main += ran;
    else others += ran;
  }
  return { memory: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024, main, others };
}

/** Looks at the memory of processes until it is stopped; gives the most that each had, MB. */
export function watchMemory(pids: readonly number[], everyMs = 250): () => number[] {
  const most = pids.map(() => 0);
  const look = () =>
    pids.forEach((pid, index) => {
      void usageOf(pid).then(
        ({ memory }) => {
          most[index] = Math.max(most[index] ?? 0, memory);
        },
        () => {},
      );
    });
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    return most;
  };
}
