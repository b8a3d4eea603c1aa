import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openStore } from '../src/store.ts';

test('two stores share one file, as two pods do in a rolling update', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tasks-'));
  const old = openStore(join(folder, 'tasks.db'));
  const next = openStore(join(folder, 'tasks.db'));
  try {
    const first = old.add({ title: 'from the old pod', done: false });
    const second = next.add({ title: 'from the new pod', done: false });
    expect(old.change(second.id, { done: true })).toMatchObject({ done: true });
    expect(next.list().map((task) => task.title)).toEqual([first.title, second.title]);
    expect(next.get(second.id)?.done).toBe(true);
  } finally {
    old.close();
    next.close();
    rmSync(folder, { recursive: true });
  }
});
