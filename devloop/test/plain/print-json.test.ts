import { describe, expect, it } from '@jest/globals';
import type { LoopEvent } from '../../src/model/events.ts';
import { createJsonPrinter } from '../../src/plain/print-json.ts';
import { createStore } from '../../src/state/store.ts';
import { allHealthy, logged, started } from '../support/sample.ts';

const at = Date.UTC(2026, 0, 31, 14, 3, 22, 120);

function printed(events: readonly LoopEvent[]): Record<string, unknown>[] {
  const lines: string[] = [];
  const store = createStore(() => at);
  store.subscribe(createJsonPrinter({ write: (line) => lines.push(line) }));
  for (const event of events) store.dispatch(event);
  expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  return lines.map((line) => JSON.parse(line));
}

describe('the JSON printer', () => {
  it('prints every event as one line, numbered and dated', () => {
    const events = allHealthy();
    const lines = printed(events);
    expect(lines.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
    expect(lines.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(lines[0]).toMatchObject({ v: 1, seq: 1, at: '2026-01-31T14:03:22.120Z', type: 'loop.started' });
  });

  it('prints an outline of the project without its files', () => {
    const [line] = printed([started()]);
    expect(line).toEqual({
      v: 1,
      seq: 1,
      at: '2026-01-31T14:03:22.120Z',
      type: 'loop.started',
      project: {
        name: 'tasks',
        namespace: 'tasks-dev',
        releases: ['tasks'],
        services: [
          { name: 'backend', release: 'tasks', ports: [{ local: 4000, remote: 8080 }] },
          { name: 'frontend', release: 'tasks', ports: [{ local: 4001, remote: 8080 }] },
        ],
      },
      cluster: { context: 'minikube', kind: 'minikube', why: 'the current context, a local Minikube' },
    });
    expect(JSON.stringify(printed([{ type: 'config.reloaded', project: project(), changed: [] }]))).not.toContain(
      '/project',
    );
  });

  it('prints log lines as they were written', () => {
    expect(printed([logged('backend', '\x1b[31mred\x1b[0m\nnext')])[0]).toMatchObject({
      type: 'log',
      line: { service: 'backend', text: '\x1b[31mred\x1b[0m\nnext' },
    });
  });
});

const project = () => {
  const event = started();
  if (event.type !== 'loop.started') throw new Error('unexpected');
  return event.project;
};
