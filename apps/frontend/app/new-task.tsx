'use client';

import { useActionState } from 'react';
import { add } from './actions.ts';

export function NewTask() {
  // React empties the form by itself once the action has returned.
  const [outcome, action, pending] = useActionState(add, {});
  return (
    <form action={action} className="new-task">
      <label htmlFor="title">New task</label>
      <div>
        <input
          id="title"
          name="title"
          maxLength={200}
          required
          autoComplete="off"
          placeholder="What is to be done?"
          aria-describedby={outcome.error ? 'new-task-error' : undefined}
        />
        <button type="submit" disabled={pending}>
          {pending ? 'Adding…' : 'Add'}
        </button>
      </div>
      {outcome.error && (
        <p id="new-task-error" className="error" role="alert">
          {outcome.error}
        </p>
      )}
    </form>
  );
}
