import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/load.ts';
import { resolveProject } from '../../src/config/resolve.ts';
import { configSchema, knownKeys } from '../../src/config/schema.ts';
import { Fault } from '../../src/model/errors.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';
import { anyText, cases, inTime, parameters, timeout } from './cases.ts';

const good = {
  name: 'tasks',
  release: { chart: 'helm', values: ['helm/dev.yaml'], set: { 'a.b': 'c' } },
  services: {
    backend: {
      image: { context: '.', dockerfile: 'Dockerfile', target: 'run', args: { A: 'b' } },
      values: { image: 'backend.image' },
      ports: [{ local: 4000, remote: 4000 }],
      live: {
        bundle: { entry: 'a.ts', to: '/app/a.js' },
        sync: [{ from: 'src', to: '/app' }],
        run: [{ command: ['a'], when: ['b'] }],
      },
      sandbox: { bundle: 'a.ts', start: ['node'], env: { A: 'b' } },
    },
  },
  parallelBuilds: 2,
  watch: { rest: 1, max: 2 },
  secretEnv: ['A'],
  ui: { keys: { quit: ['x'] }, notify: 'bell' },
};

const odd = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '/',
    '../../..',
    '/etc/passwd',
    'a\0b',
    '__proto__',
    'constructor',
    '-rf',
    '$(reboot)',
    '`id`',
    '; ls',
    Number.NaN,
    -0,
    Number.POSITIVE_INFINITY,
    [],
    {},
  ),
  fc.func(fc.anything()),
  anyText,
);
const key = fc.oneof(fc.constantFrom(...knownKeys, '__proto__', 'constructor', 'toString', '0'), anyText);

/** The good configuration with a few of its fields changed, or gone, or some more in it. */
const nearlyGood = fc
  .array(fc.tuple(fc.array(fc.nat(20), { maxLength: 6 }), key, odd, fc.nat(3)), { maxLength: 3 })
  .map((changes) => {
    const made = structuredClone(good) as Record<string, unknown>;
    for (const [way, name, value, how] of changes) {
      let at = made;
      for (const step of way) {
        const inner = Object.values(at).filter(
          (one) => typeof one === 'object' && one !== null && !ArrayBuffer.isView(one),
        );
        const next = inner[step % Math.max(1, inner.length)] as Record<string, unknown> | undefined;
        if (!next || Object.isFrozen(next)) break;
        at = next;
      }
      const keys = Object.keys(at);
      const chosen = how === 0 ? name : (keys[way.length % Math.max(1, keys.length)] ?? name);
      if (how === 1) delete at[chosen];
      else Object.defineProperty(at, chosen, { value, enumerable: true, configurable: true, writable: true });
    }
    return made;
  });

let folder: TempFolder;
beforeAll(() => {
  folder = createTempFolder({
    'helm/Chart.yaml': 'name: tasks',
    'helm/values.yaml': 'backend:\n  image:\n    repository: a\n    tag: b\n',
    'helm/dev.yaml': 'a: b\n',
    Dockerfile: 'FROM a AS run\n',
    'a.ts': '',
    'src/b.ts': '',
  });
});
afterAll(() => folder.remove());

/** What is said of it: nothing, or a Fault of the user's that says what and why. */
function check(error: unknown): void {
  expect(error).toBeInstanceOf(Fault);
  const { kind, problem } = error as Fault;
  expect(kind).toBe('usage');
  expect(problem.title).toMatch(/\w/);
  expect(problem.why).toMatch(/\w/);
  expect([problem.why, ...(problem.evidence ?? [])].join('\n')).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

describe('a configuration', () => {
  it(
    'is taken, or refused with a reason, whatever is in it',
    () => {
      let taken = 0;
      fc.assert(
        fc.property(fc.oneof({ weight: 5, arbitrary: nearlyGood as fc.Arbitrary<unknown> }, odd), (value) => {
          const checked = configSchema.safeParse(value);
          if (!checked.success) {
            expect(checked.error.issues.length).toBeGreaterThan(0);
            return;
          }
          try {
            const file = folder.path('devloop.config.ts');
            const project = resolveProject({ config: checked.data, file, inputs: [file] });
            JSON.stringify(project);
            taken += 1;
          } catch (error) {
            check(error);
          }
        }),
        parameters,
      );
      // Else it would say nothing of what comes after the schema.
      expect(taken).toBeGreaterThan(cases / 100);
    },
    timeout,
  );

  it(
    'is taken, or refused with file and reason, whatever its file says',
    async () => {
      const source = `import { defineConfig } from 'devloop';\nconst port = 4000;\nexport default defineConfig(${JSON.stringify(good, null, 2)});\n`;
      const text = fc.oneof(
        fc
          .tuple(fc.nat(source.length), fc.nat(12), anyText)
          .map(([at, gone, more]) => source.slice(0, at) + more + source.slice(at + gone)),
        fc
          .tuple(nearlyGood, fc.boolean())
          .map(([value, named]) =>
            named ? `const a = ${literal(value)};\nexport { a as default };` : `export default ${literal(value)}`,
          ),
        fc.constantFrom(
          '',
          'export {}',
          'throw 1',
          'throw null',
          'export default null',
          'export default 1n',
          'throw { stack: 5 }',
          'throw Object.create(null)',
          'export default new Proxy({}, { ownKeys() { throw 1; } })',
          'export default { get name() { throw new Error("x"); } }',
          "import 'nowhere'",
          'await Promise.reject()',
          'export default (() => { const a = {}; a.a = a; return a; })()',
        ),
        anyText,
      );
      await fc.assert(
        fc.asyncProperty(text, async (content) => {
          folder.write('devloop.config.ts', content);
          try {
            const loaded = await inTime(loadConfig(folder.root));
            resolveProject(loaded);
          } catch (error) {
            check(error);
          }
        }),
        // Each is a run of esbuild.
        { ...parameters, numRuns: Math.min(Math.ceil(cases / 6), 500) },
      );
    },
    timeout,
  );
});

/** As a source would write it, as far as JSON can. */
function literal(value: unknown): string {
  try {
    return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)) ?? 'undefined';
  } catch {
    return '{}';
  }
}
