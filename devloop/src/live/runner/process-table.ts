import fs from 'node:fs';
import process from 'node:process';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** The processes that run now, by id; empty where there is no /proc (macOS). */
export function readProcessTable(): Map<number, ProcessRow> {
  const table = new Map<number, ProcessRow>();
  for (const name of namesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const row = readRow(Number(name));
    if (row) table.set(row.pid, row);
  }
  return table;
}

/** A process, its parent, that one's parent, and so on. */
export function lineOf(pid: number, table: ReadonlyMap<number, ProcessRow>): number[] {
  const line: number[] = [];
  for (let row = table.get(pid); row && !line.includes(row.pid); row = table.get(row.parent)) line.push(row.pid);
  return line;
}

/** Kills a process and all that it has started; where there is no /proc, itself only. */
export function killTree(pid: number): void {
  const table = readProcessTable();
  const tree = [...table.keys()].filter((each) => lineOf(each, table).includes(pid));
  for (const each of new Set([pid, ...tree])) kill(each);
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or is another user's.
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined for one that has ended meanwhile, or only waits for its parent to hear of it. proc(5), `stat`. */
function readRow(pid: number): ProcessRow | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name stands in parentheses, and may hold some itself.
    const [state, parent, group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : { pid, parent: Number(parent), group: Number(group) };
  } catch {
    return undefined;
  }
}
