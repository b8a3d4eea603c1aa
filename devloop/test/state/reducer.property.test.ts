import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventLine } from '../../reference/events.ts';
import { examples } from '../../reference/examples.ts';
import { plan } from '../../src/engine/plan.ts';
import type { LoopEvent } from '../../src/model/events.ts';
import { createJsonPrinter } from '../../src/plain/print-json.ts';
import { failureCard } from '../../src/state/failure-card.ts';
import { summarizeAll } from '../../src/state/service-summary.ts';
import type { LoopState } from '../../src/state/state.ts';
import { createStore } from '../../src/state/store.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { allHealthy, sampleProject, started, startTime } from '../support/sample.ts';

const runs = Number(process.env['PROPERTY_RUNS'] ?? 40);

/** Few of each, so that events meet: the same service, pod, port and edit again and again. */
const pools: Readonly<Record<string, readonly unknown[]>> = {
  service: ['backend', 'frontend', 'constructor'],
  services: [['backend'], ['backend', 'frontend'], ['constructor'], []],
  release: ['tasks', 'constructor'],
  releases: [['tasks'], ['constructor'], []],
  uid: ['one', 'two', 'three'],
  name: ['backend', 'frontend', 'one'],
  edit: [0, 1, 2, 3],
  inputs: ['a', 'b'],
  local: [4000, 4001],
  id: [1, 2],
  ready: [true, false],
  active: [true, false],
  status: [undefined],
  revision: [1, 2],
  tag: ['edit-0', 'edit-1'],
  repository: ['backend', 'frontend'],
};

/** The example with some of its fields as others have them. @param at chooses among them, one for each field in turn */
function varied(value: unknown, at: () => number): unknown {
  if (Array.isArray(value)) return value.map((one) => varied(one, at));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => {
    const pool = pools[key];
    const choice = pool?.[at() % pool.length];
    const fits =
      choice !== undefined && typeof choice === typeof inner && Array.isArray(choice) === Array.isArray(inner);
    return [key, fits ? choice : varied(inner, at)];
  });
  return Object.fromEntries(fields);
}

const types = (Object.keys(examples) as LoopEvent['type'][]).filter((type) => type !== 'loop.started');
const event = fc
  .tuple(fc.constantFrom(...types), fc.array(fc.nat(11), { minLength: 1, maxLength: 12 }))
  .map(([type, choices]): LoopEvent => {
    let turn = 0;
    const next = () => {
      turn += 1;
      return choices[turn % choices.length] ?? 0;
    };
    const project = type === 'config.reloaded' ? { project: sampleProject(turn % 2 ? ['backend'] : undefined) } : {};
    return { type, ...(varied(examples[type], next) as object), ...project } as LoopEvent;
  });

/** What screens and the plan ask of a state. */
function look(state: LoopState): void {
  for (const { subject, reason } of plan(state).waits)
    expect([subject, reason]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
  summarizeAll(state);
  for (const name of Object.keys(state.services)) failureCard(state, name, startTime);
}

describe('the reducer', () => {
  it('takes any events in any order: it never throws, changes nothing that it was given, and its state is plain data', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(event, { maxLength: 60 }), (healthy, events) => {
        const lines: string[] = [];
        const store = createStore(() => startTime);
        store.subscribe((stamped) => {
          deepFreeze(stamped);
          look(deepFreeze(store.getState()));
        });
        store.subscribe(createJsonPrinter({ write: (line) => lines.push(line) }));
        for (const one of [...(healthy ? allHealthy() : [started()]), ...events]) store.dispatch(deepFreeze(one));
        const state = store.getState();
        expect(JSON.parse(JSON.stringify(state))).toEqual(withoutUndefined(state));
        for (const line of lines) eventLine.parse(JSON.parse(line));
        // What is kept has an end.
        expect(JSON.stringify(state).length).toBeLessThan(500_000);
      }),
      { numRuns: runs, seed: 6 },
    );
  }, 600_000);
});

const withoutUndefined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutUndefined(inner)]));
};
