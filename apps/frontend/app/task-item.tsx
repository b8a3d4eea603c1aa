'use client';

import { useActionState } from 'react';
import type { Task } from '../lib/backend.ts';
import { remove, toggle } from './actions.ts';

export function TaskItem({ task }: { task: Task }) {
  const [toggled, toggleAction, toggling] = useActionState(toggle, {});
  const [removed, removeAction, removing] = useActionState(remove, {});
  const error = toggled.error ?? removed.error;
  return (
    <li className={task.done ? 'task done' : 'task'} aria-busy={toggling || removing}>
      <form action={toggleAction}>
        <input type="hidden" name="id" value={task.id} />
        <input type="hidden" name="done" value={String(!task.done)} />
        {/* A button, not a checkbox: it works before the scripts have loaded, and without them. */}
        <button type="submit" className="check" aria-pressed={task.done} aria-label={`Done: ${task.title}`}>
          {task.done ? '✓' : ''}
        </button>
      </form>
      <span className="title">{task.title}</span>
      <form action={removeAction}>
        <input type="hidden" name="id" value={task.id} />
        <button type="submit" className="remove" aria-label={`Delete: ${task.title}`}>
          Delete
        </button>
      </form>
      {error && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
    </li>
  );
}
