import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { kill, lineOf, readProcessTable } from './process-table.ts';

/**
 * Kills what the program has left running: all of the runner's process group but the runner, what has started it, and
 * the commands that a client runs. A program that made a group of its own is not found.
 * @param commands process ids
 */
export async function endLeftovers(commands: ReadonlySet<number>): Promise<void> {
  // A killed process is there for a moment longer, with its port.
  for (let round = 0; round < 200; round++) {
    const left = findLeftovers(commands);
    if (left.length === 0) return;
    left.forEach(kill);
    await sleep(3);
  }
}

function findLeftovers(commands: ReadonlySet<number>): number[] {
  const table = readProcessTable();
  const self = table.get(process.pid);
  // A group that somebody else leads (a terminal's, a test's) has members that are none of ours.
  if (!self || (self.group !== self.pid && self.group !== self.parent)) return [];
  const above = lineOf(self.pid, table);
  return [...table.values()]
    .filter(({ pid, group }) => group === self.group && !above.includes(pid))
    .map(({ pid }) => pid)
    .filter((pid) => !lineOf(pid, table).some((each) => commands.has(each)));
}
