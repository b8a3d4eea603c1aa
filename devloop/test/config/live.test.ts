import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ignore from 'ignore';
import type { LiveUpdate } from '../../src/config/define.ts';
import { loadConfig } from '../../src/config/load.ts';
import { resolveProject } from '../../src/config/resolve.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { createTempFolder, type TempFolder } from '../fakes/temp-folder.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = createTempFolder({
    'helm/Chart.yaml': 'name: tasks',
    'helm/values.yaml': 'backend:\n  image: { repository: a, tag: b }\n',
    'app/Dockerfile': 'FROM scratch',
    'app/src/server.ts': '',
    'app/..hidden/x.ts': '',
    'shared/log.ts': '',
  });
});
afterEach(() => folder.remove());

/** What the written configuration of a service comes to. */
async function resolved(service: string) {
  const lines = ['export default {', "  name: 'tasks',", "  release: { chart: 'helm' },", '  services: {'];
  folder.write('devloop.config.ts', [...lines, `    backend: { ${service} },`, '  },', '};'].join('\n'));
  return resolveProject(await loadConfig(folder.root)).services[0];
}
const built = "image: { context: 'app' }, values: { image: 'backend.image' }";
const resolveLive = async (live: LiveUpdate | string) =>
  (await resolved(`${built}, live: ${typeof live === 'string' ? live : JSON.stringify(live)}`))?.live;
const bundle = { entry: 'app/src/server.ts', to: '/app/server.js' };
const dockerFiles = ['/app/Dockerfile', '/app/Dockerfile.dockerignore', '/app/.dockerignore'];
const packageFiles = ['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'];

describe('a live update', () => {
  it('is none by default', async () => {
    expect(await resolved(built)).not.toHaveProperty('live');
  });

  it('of a bundle starts the program anew', async () => {
    expect(await resolveLive({ bundle })).toEqual({
      bundle: { entry: folder.path('app/src/server.ts'), to: '/app/server.js', external: [] },
      sync: [],
      run: [],
      restart: true,
      rebuild: [...packageFiles, ...dockerFiles],
    });
  });

  it('of synced files does not', async () => {
    expect(await resolveLive({ sync: [{ from: 'app/src', to: 'src' }] })).toEqual({
      sync: [{ from: folder.path('app/src'), to: 'src', ignore: [] }],
      run: [],
      restart: false,
      rebuild: [...packageFiles, ...dockerFiles],
    });
  });

  it('keeps what is given', async () => {
    const live = {
      bundle: { ...bundle, external: ['sharp'] },
      sync: [{ from: 'app/src', to: '/app/src', ignore: ['*.test.ts'] }],
      run: [{ command: ['npm', 'run', 'generate'], when: ['*.prisma'] }],
      restart: false,
      rebuild: ['*.lock'],
    };
    expect(await resolveLive(live)).toEqual({
      bundle: { entry: folder.path('app/src/server.ts'), to: '/app/server.js', external: ['sharp'] },
      sync: [{ from: folder.path('app/src'), to: '/app/src', ignore: ['*.test.ts'] }],
      run: live.run,
      restart: false,
      rebuild: ['*.lock', ...dockerFiles],
    });
  });

  it.each([
    ['/app/', '/app'],
    ['app//src/./', 'app/src'],
    ['./', '.'],
    ['.', '.'],
    ['/', '/'],
  ])('has the target %s as %s', async (to, expected) => {
    expect((await resolveLive({ sync: [{ from: 'app/src', to }] }))?.sync[0]?.to).toBe(expected);
  });

  it('takes the whole context, and a folder whose name begins with dots', async () => {
    const live = await resolveLive({ sync: ['app', 'app/..hidden'].map((from) => ({ from, to: '/app' })) });
    expect(live?.sync.map(({ from }) => from)).toEqual([folder.path('app'), folder.path('app/..hidden')]);
  });

  it('always builds for its Dockerfile, whatever that is called and wherever it is', async () => {
    const outside = createTempFolder({ Dockerfile: 'FROM scratch' });
    folder.write('app/[dev] Dockerfile*', 'FROM scratch');
    const rulesFor = async (dockerfile: string) => {
      const image = `image: { context: 'app', dockerfile: ${JSON.stringify(dockerfile)} }, values: { image: 'backend.image' }`;
      const live = `live: { bundle: ${JSON.stringify(bundle)}, rebuild: ['yarn.lock'] }`;
      return ignore().add([...((await resolved(`${image}, ${live}`))?.live?.rebuild ?? [])]);
    };
    const own = await rulesFor('app/[dev] Dockerfile*');
    expect(own.ignores('app/[dev] Dockerfile*')).toBe(true);
    expect(own.ignores('app/[dev] Dockerfile*.dockerignore')).toBe(true);
    expect(own.ignores('app/d Dockerfile1')).toBe(false);
    expect(own.ignores('app/src/yarn.lock')).toBe(true);
    expect(own.ignores('package.json')).toBe(false);
    const other = await rulesFor(outside.path('Dockerfile'));
    expect(other.ignores('app/.dockerignore')).toBe(true);
    outside.remove();
  });
});

describe('a live update that is not valid', () => {
  it.each<[string, string, string]>([
    [
      'no image',
      `live: { bundle: ${JSON.stringify(bundle)} }`,
      'live: needs image: devloop updates what it has built itself',
    ],
    ['no step', `${built}, live: {}`, 'live: needs bundle or sync: they say what is sent'],
    ['an empty list of steps', `${built}, live: { sync: [] }`, 'live: needs bundle or sync: they say what is sent'],
    ['an unknown key', `${built}, live: { bundel: {} }`, 'live.bundel: unknown key; did you mean bundle?'],
    [
      'an unknown key of a bundle',
      `${built}, live: { bundle: { entry: 'a', to: 'b', extrenal: [] } }`,
      'live.bundle.extrenal: unknown key; did you mean external?',
    ],
    [
      'an unknown key of a step',
      `${built}, live: { sync: [{ from: 'a', to: 'b', ingore: [] }] }`,
      'live.sync[0].ingore: unknown key; did you mean ignore?',
    ],
    [
      'an unknown key of a command',
      `${built}, live: { sync: [{ from: 'a', to: 'b' }], run: [{ comand: ['a'], command: ['a'], when: ['b'] }] }`,
      'live.run[0].comand: unknown key; did you mean command?',
    ],
    ['an empty target', `${built}, live: { sync: [{ from: 'app', to: '' }] }`, 'live.sync[0].to: must not be empty'],
    [
      'a target that goes up',
      `${built}, live: { sync: [{ from: 'app', to: '/app/../etc' }] }`,
      'live.sync[0].to: must not go up with ..',
    ],
    [
      'a bundle that is to be a folder',
      `${built}, live: { bundle: { entry: 'a', to: '/app/' } }`,
      'live.bundle.to: must name a file: /app/server.js',
    ],
    [
      'a bundle that is to be the folder itself',
      `${built}, live: { bundle: { entry: 'a', to: '.' } }`,
      'live.bundle.to: must name a file: /app/server.js',
    ],
    [
      'a command without a program',
      `${built}, live: { sync: [{ from: 'app', to: 'a' }], run: [{ command: [], when: ['a'] }] }`,
      'live.run[0].command: must name a program',
    ],
    [
      'a command for no file',
      `${built}, live: { sync: [{ from: 'app', to: 'a' }], run: [{ command: ['a'], when: [] }] }`,
      'live.run[0].when: must name at least one file',
    ],
    [
      'an empty pattern',
      `${built}, live: { sync: [{ from: 'app', to: 'a' }], rebuild: [''] }`,
      'live.rebuild[0]: must not be empty',
    ],
  ])('has %s', async (_, service, said) => {
    const { kind, problem } = await faultOf(resolved(service));
    expect(kind).toBe('usage');
    expect(problem.why).toMatch(/^devloop\.config\.ts:5:\d+: /);
    expect(problem.why.replace(/^devloop\.config\.ts:5:\d+: services\.backend\./, '')).toBe(said);
  });

  it.each<[string, LiveUpdate, { title: string; why: string; fix: string }]>([
    [
      'entry is missing',
      { bundle: { ...bundle, entry: 'app/src/nope.ts' } },
      {
        title: 'What is bundled for backend is missing',
        why: 'app/src/nope.ts does not exist',
        fix: 'Correct services.backend.live.bundle.entry in the configuration, or add the file.',
      },
    ],
    [
      'source is missing',
      {
        sync: [
          { from: 'app/src', to: 'a' },
          { from: 'app/nope', to: 'b' },
        ],
      },
      {
        title: 'What is synced for backend is missing',
        why: 'app/nope does not exist',
        fix: 'Correct services.backend.live.sync[1].from in the configuration, or add the file.',
      },
    ],
  ])('whose %s is told', async (_, live, problem) => {
    expect((await faultOf(resolveLive(live))).problem).toEqual(problem);
  });

  it('whose source is no part of the image is told', async () => {
    const { kind, problem } = await faultOf(resolveLive({ sync: [{ from: 'shared', to: 'a' }] }));
    expect(kind).toBe('usage');
    expect(problem).toEqual({
      title: "What is synced for backend is outside of its image's context",
      why: `${folder.path('shared')} is not in ${folder.path('app')}, so that its changes would not be seen`,
      fix: 'Correct services.backend.live.sync[0].from, or services.backend.image.context.',
    });
    const entry = await faultOf(resolveLive({ bundle: { ...bundle, entry: 'shared/log.ts' } }));
    expect(entry.problem.title).toBe("What is bundled for backend is outside of its image's context");
  });
});
