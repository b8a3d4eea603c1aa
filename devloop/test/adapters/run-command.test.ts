import { describe, expect, it } from '@jest/globals';
import { ledgerLine } from '../../src/adapters/processes/ledger-line.ts';
import { createRunCommand } from '../../src/adapters/processes/run-command.ts';
import { createLedger } from '../../src/engine/ledger.ts';
import type { Command } from '../../src/engine/outside.ts';
import type { CommandRecord } from '../../src/model/operation.ts';
import { faultOf } from '../fakes/fault-of.ts';
import { until } from '../fakes/ticks.ts';

function setUp() {
  const started: CommandRecord[] = [];
  const ended: CommandRecord[] = [];
  let time = 1000;
  const ledger = createLedger(
    (event) => {
      if (event.type === 'command.started') started.push(event.command);
      if (event.type === 'command.ended') ended.push(event.command);
    },
    () => {
      time += 10;
      return time;
    },
  );
  const run = createRunCommand(ledger);
  return { run, started, ended };
}
const sh = (script: string) => ({ file: 'sh', args: ['-c', script] });

describe('a command', () => {
  it('gives its output and exit code', async () => {
    const { run } = setUp();
    expect(await run(sh('echo out; echo err >&2; exit 3'))).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('runs where and with what it is told', async () => {
    const { run } = setUp();
    const result = await run({ ...sh('echo "$GREETING $(pwd)"'), env: { GREETING: 'hi' }, cwd: '/' });
    expect(result.stdout).toBe('hi /\n');
  });

  it('never goes through a shell', async () => {
    const { run } = setUp();
    expect((await run({ file: 'echo', args: ['$HOME; ls', '*'] })).stdout).toBe('$HOME; ls *\n');
  });

  it('reads nothing from the terminal', async () => {
    const { run } = setUp();
    expect((await run({ file: 'cat', args: [] })).stdout).toBe('');
  });

  it('tells its lines as they come, the last one without a newline too', async () => {
    const { run } = setUp();
    const lines: string[] = [];
    await run({
      ...sh('echo one; printf "two\\r\\nthree" >&2'),
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(lines.sort()).toEqual(['stderr three', 'stderr two', 'stdout one']);
  });

  it('may print more than could be kept when its lines are listened to', async () => {
    const { run } = setUp();
    let lines = 0;
    const script =
      "const line = 'x'.repeat(99) + '\\n'; const rows = line.repeat(1000); for (let i = 0; i < 120; i++) process.stderr.write(rows);";
    const result = await run({
      file: process.execPath,
      args: ['-e', script],
      onLine: () => {
        lines += 1;
      },
    });
    expect([result.exitCode, lines]).toEqual([0, 120_000]);
  });
});

describe('the ledger', () => {
  it('has each command as a line to paste, with its time and exit code', async () => {
    const { run, started, ended } = setUp();
    await run({ file: 'sh', args: ['-c', 'exit 2'], env: { DOCKER_HOST: 'tcp://h:1' } });
    expect(started).toEqual([{ id: 1, line: "DOCKER_HOST=tcp://h:1 sh -c 'exit 2'", startedAt: 1010 }]);
    expect(ended).toEqual([
      { id: 1, line: "DOCKER_HOST=tcp://h:1 sh -c 'exit 2'", startedAt: 1010, ms: 10, exitCode: 2 },
    ]);
    await run(sh('true'));
    expect(started[1]?.id).toBe(2);
  });

  it('has where a command runs, and what it is for', async () => {
    const { run, started } = setUp();
    await run({ ...sh('true'), cwd: '/', about: { release: 'tasks' } });
    expect(started[0]).toMatchObject({ cwd: '/', about: { release: 'tasks' } });
  });

  it.each<[string, Omit<Command, 'file'>, string]>([
    ['a value with a space', { args: [], env: { A: 'b c', D: 'e' } }, "A='b c' D=e docker"],
    ['an empty value', { args: ['--label', ''], env: { A: '' } }, "A='' docker --label ''"],
    ['an argument with a quote', { args: ["it's"] }, "docker 'it'\\''s'"],
    [
      'a secret of a build',
      { args: ['build', '--build-arg', 'NPM_TOKEN=abc', '.'] },
      "docker build --build-arg 'NPM_TOKEN=********' .",
    ],
    [
      'a secret of a chart',
      { args: ['--set-string', 'db.password=a=b', '--set-string', 'db.host=here'] },
      "docker --set-string 'db.password=********' --set-string db.host=here",
    ],
    ['a secret of the environment', { args: [], env: { MY_API_KEY: 'abc' } }, "MY_API_KEY='********' docker"],
    [
      'what only looks like one',
      { args: ['--tokens=5', 'passwords.ts', 'PASSWORD='] },
      'docker --tokens=5 passwords.ts PASSWORD=',
    ],
  ])('has %s as it can be pasted and shown', (_, command, line) => {
    expect(ledgerLine({ file: 'docker', ...command })).toBe(line);
  });

  it('has one that was not found', async () => {
    const { run, ended } = setUp();
    await faultOf(run({ file: 'no-such-program', args: [] }));
    expect(ended[0]).toMatchObject({ line: 'no-such-program', exitCode: 127 });
  });
});

describe('a program that is not there', () => {
  it.each([
    ['helm-that-is-not-there', 'Install helm-that-is-not-there.'],
    ['no-such-program', 'Install no-such-program.'],
  ])('%s is a matter of the environment', async (file, fix) => {
    const { exitCode, problem } = await faultOf(setUp().run({ file, args: [] }));
    expect(exitCode).toBe(3);
    expect(problem).toEqual({ title: `${file} was not found`, why: `there is no ${file} on the PATH`, fix });
  });

  it.each([
    ['docker', /docs\.docker\.com/],
    ['helm', /helm\.sh/],
    ['minikube', /minikube\.sigs\.k8s\.io/],
  ])('%s is told where to get it', async (file, fix) => {
    const { problem } = await faultOf(setUp().run({ file, args: [], env: { PATH: '/nowhere' } }));
    expect(problem.fix).toMatch(fix);
  });
});

describe('a command that must not be cut off', () => {
  it('finishes after it was to end, where it is not asked to', async () => {
    const controller = new AbortController();
    const result = await setUp().run(
      { ...sh('echo ready; sleep 0.1; echo done'), stopSignal: 'none', onLine: () => controller.abort() },
      controller.signal,
    );
    expect(result.exitCode).toBe(0);
  });

  it('is in a group of its own, which the terminal’s signals do not reach', async () => {
    const groupOf = `ps -o pgid= -p $$`;
    const { stdout } = await setUp().run({ ...sh(groupOf), apart: true });
    const together = await setUp().run(sh(groupOf));
    expect(stdout.trim()).not.toBe(together.stdout.trim());
  });

  it('tells its id once it runs', async () => {
    const pids: number[] = [];
    const { stdout } = await setUp().run({ ...sh('echo $$'), onStart: (pid) => void pids.push(pid) });
    expect(pids).toEqual([Number(stdout)]);
  });
});

describe('a command that is cut off', () => {
  it('is asked to end', async () => {
    const { run, ended } = setUp();
    const controller = new AbortController();
    const work = run({ ...sh('echo ready; exec sleep 20'), onLine: () => controller.abort() }, controller.signal);
    expect((await work).exitCode).not.toBe(0);
    expect(ended).toHaveLength(1);
  });

  it('gets the signal that it understands, and its time to clean up', async () => {
    const { run } = setUp();
    const controller = new AbortController();
    const lines: string[] = [];
    const script = "trap 'echo marked; exit 1' INT; echo ready; while :; do sleep 0.02; done";
    const work = run({ ...sh(script), stopSignal: 'SIGINT', onLine: (line) => lines.push(line) }, controller.signal);
    await until('it runs', () => lines.includes('ready'));
    controller.abort();
    const { exitCode } = await work;
    expect([lines, exitCode]).toEqual([['ready', 'marked'], 1]);
  });

  it('before it began is not started', async () => {
    const { run } = setUp();
    expect(await run(sh('echo ran'), AbortSignal.abort())).toEqual({ exitCode: 128, stdout: '', stderr: '' });
  });
});
