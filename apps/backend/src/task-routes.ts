import Boom from '@hapi/boom';
import type { Request, ServerRoute } from '@hapi/hapi';
import Joi from 'joi';
import type { Task, TaskStore } from './store.ts';

const title = Joi.string().trim().min(1).max(200);
const newTask = Joi.object({ title: title.required(), done: Joi.boolean().strict().default(false) }).required();
const changes = Joi.object({ title, done: Joi.boolean().strict() }).min(1).required();
const MAX_BODY_BYTES = 16 * 1024;

const payload = { maxBytes: MAX_BODY_BYTES, allow: 'application/json' };
const noSuchTask = (id: string) => Boom.notFound(`There is no task ${id}`);

export function taskRoutes(store: TaskStore): ServerRoute[] {
  const idOf = (request: Request) => String(request.params.id);
  return [
    { method: 'GET', path: '/api/tasks', handler: () => store.list() },
    {
      method: 'POST',
      path: '/api/tasks',
      options: { payload, validate: { payload: newTask } },
      handler: (request, h) => {
        const task = store.add(request.payload as Pick<Task, 'title' | 'done'>);
        return h.response(task).created(`/api/tasks/${task.id}`);
      },
    },
    {
      method: 'GET',
      path: '/api/tasks/{id}',
      handler: (request) => store.get(idOf(request)) ?? noSuchTask(idOf(request)),
    },
    {
      method: 'PATCH',
      path: '/api/tasks/{id}',
      options: { payload, validate: { payload: changes } },
      handler: (request) =>
        store.change(idOf(request), request.payload as Partial<Pick<Task, 'title' | 'done'>>) ??
        noSuchTask(idOf(request)),
    },
    {
      method: 'DELETE',
      path: '/api/tasks/{id}',
      handler: (request, h) => (store.remove(idOf(request)) ? h.response().code(204) : noSuchTask(idOf(request))),
    },
  ];
}
