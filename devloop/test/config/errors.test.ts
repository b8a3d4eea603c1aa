import { afterEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import type { Problem } from '../../src/model/errors.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder | undefined;
afterEach(() => folder?.remove());

/** What is said of a configuration of these lines. */
async function problemWith(lines: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Problem> {
  folder = createTempFolder({ 'devloop.config.ts': lines.join('\n'), ...more });
  const fault = await faultOf(loadConfig(folder.root));
  expect(fault.exitCode).toBe(2);
  return fault.problem;
}

describe('a configuration that does not compile', () => {
  it('is shown with file, line, column and the line itself', async () => {
    const problem = await problemWith(['export default {', "  name: 'tasks'", '  release: {},', '};']);
    expect(problem.title).toBe('The configuration does not compile');
    expect(problem.why).toBe('devloop.config.ts:3:3: Expected "}" but found "release"');
    expect(problem.evidence).toEqual(['devloop.config.ts:3:3: Expected "}" but found "release"', '    release: {},']);
    expect(problem.fix).toBe('Correct devloop.config.ts; devloop changed nothing.');
  });

  it('names the import that is not there', async () => {
    const problem = await problemWith(["import { x } from './missing.ts';", 'export default x;']);
    expect(problem.why).toBe('devloop.config.ts:1:19: Could not resolve "./missing.ts"');
  });

  it('names the imported file that has the mistake', async () => {
    const problem = await problemWith(["import { x } from './lib/x.ts';", 'export default x;'], {
      'lib/x.ts': '\nexport const x = ;',
    });
    expect(problem.why).toBe('lib/x.ts:2:18: Unexpected ";"');
  });
});

describe('a configuration that throws', () => {
  it('is shown with the place that threw', async () => {
    const problem = await problemWith([
      'const port: number = 1;',
      '',
      "  throw new Error('no port for ' + port);",
      'export default {};',
    ]);
    expect(problem.title).toBe('The configuration failed while it ran');
    expect(problem.why).toBe('devloop.config.ts:3:9: no port for 1');
  });

  it('is shown with the imported file that threw', async () => {
    const problem = await problemWith(["import { check } from './lib/check.ts';", 'check();', 'export default {};'], {
      'lib/check.ts': "export function check() {\n  throw new Error('not today');\n}\n",
    });
    expect(problem.why).toBe('lib/check.ts:2:9: not today');
  });

  it('may throw what is no error', async () => {
    const problem = await problemWith(["throw 'a text';"]);
    expect(problem.why).toBe('devloop.config.ts: a text');
  });
});

const good = {
  head: ["import { defineConfig } from 'devloop';", 'export default defineConfig({', "  name: 'tasks',"],
  release: "  release: { chart: 'helm' },",
  services: '  services: { backend: {} },',
  tail: '});',
};

describe('a configuration that is not valid', () => {
  it('has a wrong type deep within', async () => {
    const services = [
      '  services: {',
      '    backend: {',
      "      ports: [{ local: '4000', remote: 4000 }],",
      '    },',
      '  },',
    ];
    const problem = await problemWith([...good.head, good.release, ...services, good.tail]);
    expect(problem.title).toBe('The configuration is not valid');
    expect(problem.why).toBe(
      'devloop.config.ts:7:17: services.backend.ports[0].local: Invalid input: expected number, received string',
    );
    expect(problem.evidence).toBeUndefined();
  });

  it('has an unknown key that is nearly a known one', async () => {
    const problem = await problemWith([...good.head, good.release, good.services, '  alowContexts: [],', good.tail]);
    expect(problem.why).toBe('devloop.config.ts:6:3: alowContexts: unknown key; did you mean allowContexts?');
  });

  it('has an unknown key within a service', async () => {
    const services = ['  services: {', '    backend: {', '      port: [],', '    },', '  },'];
    const problem = await problemWith([...good.head, good.release, ...services, good.tail]);
    expect(problem.why).toBe('devloop.config.ts:7:7: services.backend.port: unknown key; did you mean ports?');
  });

  it('has an unknown key that is like nothing', async () => {
    const problem = await problemWith([...good.head, good.release, good.services, '  somethingElse: 1,', good.tail]);
    expect(problem.why).toBe('devloop.config.ts:6:3: somethingElse: unknown key');
  });

  it('has no release', async () => {
    const problem = await problemWith([...good.head, good.services, good.tail]);
    expect(problem.why).toBe('devloop.config.ts:2:29: release: give either release or releases');
  });

  it('has release and releases', async () => {
    const problem = await problemWith([
      ...good.head,
      good.release,
      "  releases: { a: { chart: 'helm' } },",
      good.services,
      good.tail,
    ]);
    expect(problem.why).toBe('devloop.config.ts:4:3: release: give either release or releases');
  });

  it('has an image and does not say where the chart takes it', async () => {
    const services = ['  services: {', "    backend: { image: { context: '.' } },", '  },'];
    const problem = await problemWith([...good.head, good.release, ...services, good.tail]);
    expect(problem.why).toBe(
      'devloop.config.ts:6:5: services.backend.values: is needed with image: values.image says where the chart takes it',
    );
  });

  it.each([
    ["name: 'Tasks'", 'name: must be lower-case letters, digits and dashes, at most 53 characters'],
    ["namespace: '-a'", 'namespace: must be lower-case letters, digits and dashes, at most 53 characters'],
    ['parallelBuilds: 0', 'parallelBuilds: Too small: expected number to be >=1'],
    ['parallelBuilds: 1.5', 'parallelBuilds: Invalid input: expected int, received number'],
    ["ui: { notify: 'loud' }", 'ui.notify: Invalid option: expected one of "off"|"bell"|"desktop"'],
    ['watch: { rest: -1 }', 'watch.rest: Too small: expected number to be >=0'],
    ["release: { chart: '' }", 'release.chart: must not be empty'],
    ["release: { chart: 'helm', set: { 'a=b': '1' } }", 'release.set.a=b: Invalid key in record'],
    ['services: {}', 'services: must name at least one service'],
  ])('refuses %s', async (field, said) => {
    const fields = new Map([
      ['name', "name: 'tasks'"],
      ['release', "release: { chart: 'helm' }"],
      ['services', 'services: { backend: {} }'],
    ]);
    fields.set(field.split(':')[0] ?? '', field);
    const problem = await problemWith(['export default {', ...[...fields.values()].map((text) => `  ${text},`), '};']);
    expect(problem.why.replace(/^devloop\.config\.ts:\d+:\d+: /, '')).toBe(said);
    expect(problem.why).toMatch(/^devloop\.config\.ts:[2-5]:\d+: /);
  });

  it('lists every mistake', async () => {
    const problem = await problemWith([
      'export default {',
      "  name: 'Tasks',",
      "  release: { chart: '' },",
      '  services: { a: {} },',
      '};',
    ]);
    expect(problem.evidence).toEqual([
      'devloop.config.ts:2:3: name: must be lower-case letters, digits and dashes, at most 53 characters',
      'devloop.config.ts:3:14: release.chart: must not be empty',
    ]);
  });

  it('leads through constants to the literal', async () => {
    const lines = [
      'const backend = {',
      '  ports: [{ local: 0, remote: 1 }],',
      '};',
      ...good.head,
      good.release,
      '  services: { backend },',
      good.tail,
    ];
    // An import may stand anywhere in a module.
    expect((await problemWith(lines)).why).toMatch(
      /^devloop\.config\.ts:2:13: services\.backend\.ports\[0\]\.local: Too small/,
    );
  });

  it('leads to the file that the literal stands in', async () => {
    const lines = [
      "import { ports } from './lib/ports.ts';",
      ...good.head,
      good.release,
      '  services: { backend: { ports } },',
      good.tail,
    ];
    const problem = await problemWith(lines, {
      'lib/ports.ts': '\nexport const ports = [{ local: 70000, remote: 1 }];',
    });
    expect(problem.why).toMatch(/^lib\/ports\.ts:2:25: services\.backend\.ports\[0\]\.local: Too big/);
  });

  it('leads a computed part to the place that computes it', async () => {
    const lines = [
      ...good.head,
      good.release,
      '  services: {',
      '    backend: {',
      '      ports: [1, 2].map((local) => ({ local: String(local), remote: 1 })),',
      '    },',
      '  },',
      good.tail,
    ];
    const problem = await problemWith(lines);
    expect(problem.why).toMatch(/^devloop\.config\.ts:7:7: services\.backend\.ports\[0\]\.local: /);
  });

  it('exports nothing', async () => {
    const problem = await problemWith(["export const name = 'tasks';"]);
    expect(problem.why).toBe('devloop.config.ts: Invalid input: expected object, received undefined');
  });
});
