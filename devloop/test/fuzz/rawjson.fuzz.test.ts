import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RawJsonReader } from '../../src/adapters/docker/rawjson.ts';
import type { BuildStep } from '../../src/model/operation.ts';
import { anyText, parameters, timeout } from './cases.ts';

const digest = fc.constantFrom('sha256:1', 'sha256:2', '');
const time = fc.constantFrom('2026-01-31T14:03:22.12Z', '2026-01-31T14:03:23Z', 'never', '', '0001-01-01T00:00:00Z');
const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 0, -1, true, '', [], {}, [null], [[]]));
const or = <T>(real: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: real as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });
const some = { requiredKeys: [] };

const vertex = fc.record(
  {
    digest: or(digest),
    name: or(anyText),
    started: or(time),
    completed: or(time),
    cached: or(fc.boolean()),
    error: or(anyText),
  },
  some,
);
const log = fc.record(
  { vertex: or(digest), data: or(anyText.map((text) => Buffer.from(text).toString('base64'))) },
  some,
);
const status = fc.record({ vertexes: or(fc.array(or(vertex))), logs: or(fc.array(or(log))) }, some);
const line = fc.oneof(
  { weight: 6, arbitrary: or(status).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: fc.tuple(status, fc.nat(200)).map(([value, end]) => JSON.stringify(value).slice(0, end)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{', '{}', '{"vertexes":null}', '{"__proto__":1}', `{"a":${'['.repeat(5000)}`),
  },
);

describe('the stream of a build', () => {
  it(
    'may say anything: steps stay steps, and nothing is thrown',
    () => {
      fc.assert(
        fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
          const steps: BuildStep[] = [];
          const output: string[] = [];
          const reader = new RawJsonReader({ step: (step) => steps.push(step), output: (text) => output.push(text) });
          for (const text of lines) reader.line(text);
          const { failures, other } = reader.result();
          for (const { id, name, status: word, ms = 0 } of steps) {
            expect([typeof id, typeof name]).toEqual(['string', 'string']);
            expect(['running', 'done', 'cached', 'failed']).toContain(word);
            expect(ms).toBeGreaterThanOrEqual(0);
          }
          for (const { step, error, output: own } of failures)
            expect([step, error, ...own].every((text) => typeof text === 'string')).toBe(true);
          expect([...output, ...other].every((text) => typeof text === 'string')).toBe(true);
        }),
        parameters,
      );
    },
    timeout,
  );
});
