import { BackendError, getInfo, listTasks } from '../lib/backend.ts';
import { NewTask } from './new-task.tsx';
import { TaskItem } from './task-item.tsx';

export const dynamic = 'force-dynamic';

export default async function Page() {
  const state = await load();
  return (
    <main>
      <header>
        <h1>Tasks</h1>
        {'tasks' in state && state.info.message && <p className="message">{state.info.message}</p>}
      </header>
      {'tasks' in state ? <Board {...state} /> : <Problem reason={state.problem} />}
    </main>
  );
}

type Loaded = { tasks: Awaited<ReturnType<typeof listTasks>>; info: Awaited<ReturnType<typeof getInfo>> };

async function load(): Promise<Loaded | { problem: string }> {
  try {
    const [tasks, info] = await Promise.all([listTasks(), getInfo()]);
    return { tasks, info };
  } catch (error) {
    if (error instanceof BackendError) return { problem: error.message };
    throw error;
  }
}

function Board({ tasks, info }: Loaded) {
  const done = tasks.filter((task) => task.done).length;
  return (
    <>
      <NewTask />
      {tasks.length === 0 ? (
        <p className="empty">Nothing to do yet. Add your first task above.</p>
      ) : (
        <>
          <p className="count" role="status">
            {done} of {tasks.length} done
          </p>
          <ul className="tasks">
            {tasks.map((task) => (
              <TaskItem key={task.id} task={task} />
            ))}
          </ul>
        </>
      )}
      <footer>
        Served by {info.hostname}, version {info.version}
      </footer>
    </>
  );
}

function Problem({ reason }: { reason: string }) {
  return (
    <section className="problem" role="alert">
      <h2>The tasks cannot be shown</h2>
      <p>{reason}</p>
      <a href="/">Try again</a>
    </section>
  );
}
