import { mkdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { faultOf } from '../fakes/fault-of.ts';
import type { TempFolder } from '../fakes/temp-folder.ts';
import { Containers, createLayer, file, idle, initKind, nodeKind, runs, shellKinds, shellsTested } from './support.ts';

let layer: TempFolder;
beforeAll(() => {
  layer = createLayer();
});
afterAll(() => layer.remove());

it(`the runners are tested with ${shellsTested}`, () => {
  expect(shellKinds.length).toBeGreaterThan(0);
});

describe.each([nodeKind, initKind, ...shellKinds])('$name', (kind) => {
  /** These wait for seconds: once for each of the two runners is enough. */
  const testOfPatience = (name: string, test: () => Promise<void>) => {
    if (kind === nodeKind || kind === shellKinds[0]) it(name, test);
  };
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers(layer, kind);
  });
  afterEach(() => containers.end());

  const startIdle = async (options = {}) => {
    const container = containers.start({ entrypoint: idle, ...options });
    await container.printed('up ');
    return { container, live: await container.connect(), at: container.folder.path };
  };

  describe('commands', () => {
    it('give their lines and their exit code', async () => {
      const { live } = await startIdle({ env: { COLOR: 'blue', LC_ALL: 'C.UTF-8', mode: 'mine' } });
      const lines: string[] = [];
      const script =
        'printf "out %s\\n\\n" "$1"; printf "%s|%s|%s|%s" "$COLOR" "$LC_ALL" "$mode" "$DEVLOOP_IMAGE"; exit 7';
      const code = await live.run(['sh', '-c', script, 'sh', 'a  b\nc\\0040$(x)'], (line) => lines.push(line));
      expect(code).toBe(7);
      expect(lines).toEqual(['out a  b', 'c\\0040$(x)', '', 'blue|C.UTF-8|mine|']);
    });

    it('start where the program starts, read nothing, and may end by a signal', async () => {
      const { container, live } = await startIdle();
      const lines: string[] = [];
      expect(await live.run(['pwd'], (line) => lines.push(line))).toBe(0);
      expect(await live.run(['sh', '-c', 'echo é%日 >&2'], (line) => lines.push(line))).toBe(0);
      expect(lines).toEqual([container.folder.root, 'é%日']);
      expect(await live.run(['cat'], (line) => lines.push(line))).toBe(0);
      expect(await live.run(['sh', '-c', 'kill -KILL $$'], () => undefined)).toBe(137);
    });

    it('may print much, in long lines', async () => {
      const { live } = await startIdle();
      let size = 0;
      const script = 'i=0; while [ $i -lt 300 ]; do printf %0100d 0; i=$((i+1)); done; echo; seq 1 500';
      expect(await live.run(['sh', '-c', script], (line) => (size += line.length))).toBe(0);
      expect(size).toBe(30_000 + 1392);
    });

    it('that do not exist fail, and later requests wait for those that run', async () => {
      const { live, at } = await startIdle();
      await expect(
        live
          .run(['no-such-program'], () => undefined)
          .then((code) => {
            if (code !== 0) throw new Error(`ended with ${code}`);
          }),
      ).rejects.toThrow(/ended with 127|ENOENT/);
      const order: string[] = [];
      await Promise.all([
        live.run(['sh', '-c', 'sleep 0.3; cat later 2>&1; exit 0'], (line) => order.push(line)),
        live.apply([file('later', 'too early')]),
      ]);
      expect(order.join()).toContain('o such file');
      expect(readFileSync(at('later'), 'utf8')).toBe('too early');
    });
  });

  describe('restarts', () => {
    const pids = (output: string) => [...output.matchAll(/up (\d+)/g)].map(([, pid]) => pid);

    it('keep environment and arguments, and the container', async () => {
      const { container, live } = await startIdle({ args: ['an  argument'], env: { COLOR: 'green' } });
      await live.restart();
      await container.printed('up ', 2);
      await live.restart();
      await container.printed('up ', 3);
      expect(container.output().replace(/\d+/g, 'N')).toBe('up N [an  argument] green\n'.repeat(3));
      expect(new Set(pids(container.output())).size).toBe(3);
      expect(container.child.exitCode).toBeNull();
    });

    it('that come at once are all answered', async () => {
      const { container, live } = await startIdle();
      // Two agents at once are more than a shell's runner promises (docs/live-update.md).
      const other = kind.runner === 'node' ? await container.connect() : live;
      for (let round = 0; round < 5; round++) await Promise.all([live.restart(), other.restart(), live.restart()]);
      const started = pids(container.output()).length;
      await live.restart();
      await container.printed('up ', started + 1);
      expect(container.child.exitCode).toBeNull();
    });

    it('see files that were sent before', async () => {
      const { container, live } = await startIdle({
        entrypoint: ['sh', '-c', 'echo "up $(cat text)"; while :; do sleep 0.05; done'],
        files: { text: 'first' },
      });
      await Promise.all([live.apply([file('text', 'second')]), live.restart()]);
      await container.printed('up second');
    });

    it('let a crash be a crash', async () => {
      const { container, live } = await startIdle({
        entrypoint: ['sh', '-c', 'echo "up "; sh ./main'],
        files: { main: 'while :; do sleep 0.05; done' },
        command: ['x'],
      });
      await live.apply([file('main', 'exit 5')]);
      await live.restart().catch(() => undefined);
      expect(await container.exit).toBe(5);
      if (kind.runner === 'node') await live.closed;
    });

    testOfPatience('kill a program that does not end, after 3 seconds', async () => {
      const { container, live } = await startIdle({
        entrypoint: ['sh', '-c', 'trap "" TERM; echo "up $$"; while :; do sleep 0.05; done'],
      });
      await live.restart();
      await container.printed('up ', 2);
    });

    it('kill what the program left running', async () => {
      const script = '(trap "" TERM; while :; do sleep 0.05; done) & echo "left $!"; echo "up $$"; wait';
      const { container, live } = await startIdle({ entrypoint: ['sh', '-c', script] });
      const left = Number(/left (\d+)/.exec(container.output())?.[1]);
      expect(() => process.kill(left, 0)).not.toThrow();
      await live.restart();
      await container.printed('up ', 2);
      expect(runs(left)).toBe(false);
    });
  });

  describe('the end of the program', () => {
    it.each([0, 3, 127])('with exit code %i is the end of the container', async (code) => {
      const container = containers.start({ entrypoint: ['sh', '-c', `exit ${code}`] });
      expect(await container.exit).toBe(code);
    });

    it('by a signal is 128 and its number', async () => {
      expect(await containers.start({ entrypoint: ['sh', '-c', 'kill -KILL $$'] }).exit).toBe(137);
    });

    it('is told of programs that do not exist or cannot be run', async () => {
      const missing = containers.start({ entrypoint: ['./no-such'], command: ['x'] });
      expect(await missing.exit).toBe(127);
      expect(missing.output()).toMatch(/no-such/);
      const plain = containers.start({ entrypoint: ['./plain'], files: { plain: 'x' } });
      expect(await plain.exit).toBe(126);
      const none = containers.start();
      expect(await none.exit).toBe(127);
      expect(none.output()).toContain('the image names no program to run');
    });

    it('comes after SIGTERM in its own time, with its own code', async () => {
      const script =
        'trap "echo draining; sleep 0.3; echo drained; exit 9" TERM; echo "up"; while :; do sleep 0.05; done';
      const container = containers.start({ entrypoint: ['sh', '-c', script] });
      await container.printed('up');
      container.child.kill('SIGTERM');
      expect(await container.exit).toBe(9);
      expect(container.output()).toBe('up\ndraining\ndrained\n');
    });

    it('comes with 143 when it does not handle SIGTERM', async () => {
      const { container } = await startIdle();
      container.child.kill('SIGTERM');
      expect(await container.exit).toBe(143);
    });

    testOfPatience('comes when SIGTERM arrives during a restart, in the time that Kubernetes gives', async () => {
      const script =
        'trap "trap \\"\\" TERM; echo draining; sleep 3.5; echo drained; exit 9" TERM; echo "up"; while :; do sleep 0.05; done';
      const container = containers.start({ entrypoint: ['sh', '-c', script] });
      const live = await container.connect();
      await container.printed('up');
      const restarted = live.restart().then(
        () => 'restarted',
        () => 'refused',
      );
      await container.printed('draining');
      container.child.kill('SIGTERM');
      expect(await container.exit).toBe(9);
      expect(container.output()).toContain('drained');
      expect(container.output().split('up')).toHaveLength(2);
      live.close();
      expect(await restarted).toBe('refused');
    });
  });

  it('passes the other signals on, also many of them', async () => {
    const names = ['HUP', 'USR1', 'USR2', 'WINCH'];
    const traps = names.map((name) => `trap "echo got ${name}" ${name}`).join('; ');
    const container = containers.start({ entrypoint: ['sh', '-c', `${traps}; echo up; while :; do sleep 0.05; done`] });
    await container.printed('up');
    await container.connect();
    for (const name of names) {
      container.child.kill(`SIG${name}` as NodeJS.Signals);
      await container.printed(`got ${name}`);
    }
    for (let time = 2; time <= 10; time++) {
      container.child.kill('SIGUSR1');
      await container.printed('got USR1', time);
    }
    expect(container.child.exitCode).toBeNull();
  });

  it('takes the arguments in place of the command, word by word', async () => {
    const words = ['a b', '', '%', '*', 'q\'"$HOME', 'é\n', '-n', '\\0040'];
    const print = 'for word; do printf "<%s>" "$word"; done; echo ." $DEVLOOP_CMD$DEVLOOP_ENTRYPOINT$DEVLOOP_TOKEN"';
    const options = { entrypoint: ['sh', '-c', print, 'sh'], env: { DEVLOOP_TOKEN: '' } };
    const shown = `${words.map((word) => `<${word}>`).join('')}. \n`;
    const byCommand = containers.start({ ...options, command: words });
    expect([await byCommand.exit, byCommand.output()]).toEqual([0, shown]);
    const byArguments = containers.start({ ...options, command: ['other'], args: words });
    expect([await byArguments.exit, byArguments.output()]).toEqual([0, shown]);
  });

  it('keeps a mark for the next connection, and not for the next container', async () => {
    const { container, live } = await startIdle();
    expect(live.mark).toBeUndefined();
    await live.setMark('up to 7: é\n');
    expect(live.mark).toBe('up to 7: é\n');
    const next = await container.connect();
    expect(next.mark).toBe('up to 7: é\n');
    live.close();
    await live.closed;
    await next.restart();
    expect((await container.connect()).mark).toBe('up to 7: é\n');
    const other = await startIdle();
    expect(other.live.mark).toBeUndefined();
  });

  it('refuses those who do not know the token, or look for another image', async () => {
    const container = containers.start({ entrypoint: idle, env: { DEVLOOP_TOKEN: 'sesame' } });
    await container.connect({ token: 'sesame' });
    const whyOf = async (target: object) => (await faultOf(container.connectOnce(target))).problem.why;
    expect(await whyOf({})).toBe('its runner was started by another devloop');
    expect(await whyOf({ token: 'sesam' })).toBe('its runner was started by another devloop');
    expect(await whyOf({ token: 'sesame', image: 'other:1' })).toBe('the runner that answers is not that of other:1');
    await container.connectOnce({ token: 'sesame' });
  });

  it('ends all that it was asked when the container ends', async () => {
    const { container, live } = await startIdle();
    const running = faultOf(live.run(['sleep', '100'], () => undefined));
    container.child.kill('SIGKILL');
    if (container.child.pid) process.kill(-container.child.pid, 'SIGKILL');
    if (kind.runner === 'shell') live.close();
    await live.closed;
    expect((await running).problem.title).toBe('The connection to pod pod-1 broke');
    expect((await faultOf(live.restart())).kind).toBe('outside');
  });

  it('serves a folder that is made again', async () => {
    const { live, at } = await startIdle();
    mkdirSync(at('src'));
    await live.apply([{ kind: 'delete', path: 'src' }, file('src/a', '1')]);
    expect(readFileSync(at('src/a'), 'utf8')).toBe('1');
  });
});
