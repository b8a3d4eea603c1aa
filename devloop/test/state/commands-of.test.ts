import { expect, it } from '@jest/globals';
import type { CommandSubject } from '../../src/model/operation.ts';
import { commandsOf } from '../../src/state/commands-of.ts';
import { createStore } from '../../src/state/store.ts';
import { sampleProject, sampleWorkload, started, startTime, workloadChanged } from '../support/sample.ts';

it.each<[CommandSubject | undefined, readonly string[]]>([
  [undefined, []],
  [{ release: 'tasks' }, ['backend', 'backend-jobs']],
  [{ release: 'other' }, []],
  [{ image: 'backend:abc' }, ['backend']],
  [{ image: 'backend:abc-app' }, ['backend']],
  [{ image: 'backend-jobs:abc' }, ['backend-jobs']],
  [{ image: 'postgres:18' }, []],
  [{ service: 'backend' }, ['backend']],
  [{ service: 'database' }, ['database']],
  [{ pod: 'api-7d9f-x' }, ['backend']],
  [{ pod: 'api-jobs-7d9f-x' }, ['backend-jobs']],
  [{ pod: 'other-7d9f-x' }, []],
])('a command for %j is one of %j', (about, expected) => {
  const store = createStore(() => startTime);
  store.dispatch(started(sampleProject(['backend', 'backend-jobs'])));
  store.dispatch(workloadChanged(sampleWorkload('backend', { name: 'api' })));
  store.dispatch(workloadChanged(sampleWorkload('backend-jobs', { name: 'api-jobs' })));
  store.dispatch(workloadChanged(sampleWorkload('database')));
  store.dispatch({
    type: 'command.started',
    command: { id: 1, line: 'x', startedAt: startTime, ...(about && { about }) },
  });
  const state = store.getState();
  expect(Object.keys(state.services).filter((name) => commandsOf(state, name).length > 0)).toEqual(expected);
});
