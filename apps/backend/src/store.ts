import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

export interface Task {
  id: string;
  title: string;
  done: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface TaskStore {
  list(): Task[];
  get(id: string): Task | undefined;
  add(task: Pick<Task, 'title' | 'done'>): Task;
  change(id: string, changes: Partial<Pick<Task, 'title' | 'done'>>): Task | undefined;
  remove(id: string): boolean;
  /** Throws where the database does not answer. */
  ping(): void;
  close(): void;
}

// During a rolling update two pods have this file open. WAL lets one write while the other reads, and the timeout
// makes a writer wait for its turn instead of failing at once.
const BUSY_TIMEOUT_MS = 2000;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    done INTEGER NOT NULL,
    createdAt TEXT NOT NULL,
    updatedAt TEXT NOT NULL
  ) STRICT;
`;

type Row = Record<string, SQLOutputValue>;

const toTask = (row: Row): Task => ({
  id: String(row.id),
  title: String(row.title),
  done: row.done === 1,
  createdAt: String(row.createdAt),
  updatedAt: String(row.updatedAt),
});

export function openStore(path: string): TaskStore {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec(SCHEMA);
  const all = database.prepare('SELECT * FROM tasks ORDER BY createdAt, rowid');
  const one = database.prepare('SELECT * FROM tasks WHERE id = ?');
  const insert = database.prepare('INSERT INTO tasks VALUES (?, ?, ?, ?, ?) RETURNING *');
  const update = database.prepare(
    'UPDATE tasks SET title = coalesce(?, title), done = coalesce(?, done), updatedAt = ? WHERE id = ? RETURNING *',
  );
  const remove = database.prepare('DELETE FROM tasks WHERE id = ?');
  const ping = database.prepare('SELECT 1 FROM tasks LIMIT 1');
  const found = (row: Row | undefined) => row && toTask(row);

  return {
    list: () => all.all().map(toTask),
    get: (id) => found(one.get(id)),
    add: ({ title, done }) => {
      const now = new Date().toISOString();
      const row = insert.get(randomUUID(), title, Number(done), now, now);
      if (!row) throw new Error('The database took the new task but did not return it.');
      return toTask(row);
    },
    change: (id, { title, done }) =>
      found(update.get(title ?? null, done === undefined ? null : Number(done), new Date().toISOString(), id)),
    remove: (id) => remove.run(id).changes > 0,
    ping: () => void ping.get(),
    close: () => database.close(),
  };
}
