'use server';

import { revalidatePath } from 'next/cache';
import { addTask, BackendError, removeTask, setDone } from '../lib/backend.ts';

/** What a form shows after its action: nothing, or why it failed. */
export type Outcome = { error?: string };

export async function add(_before: Outcome, form: FormData): Promise<Outcome> {
  const title = text(form, 'title').trim();
  if (!title) return { error: 'Write what is to be done first.' };
  return attempt(() => addTask(title));
}

export async function toggle(_before: Outcome, form: FormData): Promise<Outcome> {
  return attempt(() => setDone(text(form, 'id'), text(form, 'done') === 'true'));
}

export async function remove(_before: Outcome, form: FormData): Promise<Outcome> {
  return attempt(() => removeTask(text(form, 'id')));
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

async function attempt(change: () => Promise<unknown>): Promise<Outcome> {
  try {
    await change();
  } catch (error) {
    if (error instanceof BackendError) return { error: error.message };
    throw error;
  }
  revalidatePath('/');
  return {};
}
