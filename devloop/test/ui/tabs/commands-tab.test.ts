import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { commandsRows } from '../../../src/ui/tabs/commands-tab.ts';
import { started, startTime } from '../../support/sample.ts';
import type { Timed } from '../../support/screen.ts';
import { runCommand } from './scenes.ts';
import { atOnce, showTab, stateAt } from './show-tab.ts';

const stateOf = (...commands: readonly Timed[][]) => stateAt([...atOnce([started()]), ...commands.flat()]);
const show = (columns: number, ...commands: readonly Timed[][]) => showTab(commandsRows, stateOf(...commands), columns);
const rowsOf = (...commands: readonly Timed[][]) =>
  commandsRows({ state: stateOf(...commands), service: 'backend', now: startTime, columns: 80 });

describe('the commands tab', () => {
  it('has the newest first, with time, result and duration', () => {
    expect(
      show(
        80,
        runCommand(1, 0, { line: 'docker-buildx build .', ms: 2488, exitCode: 0, about: { image: 'backend:abc' } }),
        runCommand(2, 3000, { line: 'helm upgrade tasks', ms: 210, exitCode: 1 }),
        runCommand(3, 55_000, { line: 'helm history tasks' }),
      ),
    ).toBe(
      `14:04:15  ◔ running      5 s  helm history tasks
14:03:23  ✗ exit 1    210 ms  helm upgrade tasks
14:03:20  ✓ exit 0     2.5 s  docker-buildx build .`,
    );
  });

  it('leaves out what is for others, and for all', () => {
    const text = show(
      80,
      runCommand(1, 0, { line: 'mine', about: { image: 'backend:a' } }),
      runCommand(2, 0, { line: 'theirs', about: { image: 'frontend:a' } }),
      [[0, { type: 'command.started', command: { id: 3, line: 'docker info', startedAt: startTime } }]],
    );
    expect(text).toMatch(/^\S+ +◔ running +1m 00s {2}mine$/);
  });

  it.each([
    ["DOCKER_HOST=tcp://h:1 EMPTY='' QUOTED='a b' TICK='it'\\''s' docker build .", 'docker build .'],
    ['/usr/libexec/docker/cli-plugins/docker-buildx build /project', 'docker-buildx build /project'],
    ['KUBECONFIG=/a/b kubectl --context c get pods', 'kubectl --context c get pods'],
    ["helm --set-string 'a=b c'", "helm --set-string 'a=b c'"],
    ['npm run build', 'npm run build'],
  ])('shows %j short, and copies the whole', (line, shown) => {
    const [row] = rowsOf(runCommand(1, 0, { line, exitCode: 0, ms: 5 }));
    expect(row?.spans.at(-1)?.text).toBe(shown);
    expect(row?.copy).toBe(line);
  });

  it('copies a line that runs where devloop ran it, from any folder', () => {
    const [row] = rowsOf(runCommand(1, 0, { line: 'pwd', cwd: '/usr/lib', exitCode: 0, ms: 5 }));
    expect(row?.copy).toBe('(cd /usr/lib && pwd)');
    expect(execFileSync('sh', ['-c', row?.copy ?? ''], { cwd: '/', encoding: 'utf8' })).toBe('/usr/lib\n');
    const [quoted] = rowsOf(runCommand(1, 0, { line: 'pwd', cwd: "/it's", exitCode: 0, ms: 5 }));
    expect(quoted?.copy).toBe("(cd '/it'\\''s' && pwd)");
  });

  it('wraps a long line and cuts a very long one', () => {
    const [first, ...others] = rowsOf(runCommand(1, 0, { line: `helm ${'--set-string some.value=1 '.repeat(30)}` }));
    expect([first?.key, ...others.map(({ key }) => key)]).toEqual(['1', '1/1', '1/2', '1/3']);
    expect(others.at(-1)?.spans.at(-1)?.text).toMatch(/…$/);
  });

  it('says why there are none', () => {
    expect(show(80)).toMatch(/^No commands yet\./);
  });
});
