import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, expect, test } from '@jest/globals';

const entry = join(import.meta.dirname, '../src/server.ts');
const folder = mkdtempSync(join(tmpdir(), 'tasks-'));
let child: ChildProcess | undefined;

afterEach(() => {
  if (child?.exitCode === null) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

type Line = { msg: string; port?: number; status?: number; signal?: string };

function run(env: Record<string, string>) {
  const started = spawn(process.execPath, [entry], {
    env: { HOST: '127.0.0.1', PORT: '0', DATABASE_PATH: join(folder, 'tasks.db'), API_KEY: 'key-for-tests', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: started.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    for (const look of waiting) look();
  });
  const line = (msg: string) =>
    new Promise<Line>((resolve) => {
      const look = () => {
        const found = lines.find((candidate) => candidate.msg === msg);
        if (found) resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { started, lines, line, closed: once(started, 'close') };
}

test('SIGTERM lets a request in flight finish, refuses new ones, and ends with 0', async () => {
  const { started, lines, line, closed } = run({});
  const { port = 0 } = await line('started');

  const body = JSON.stringify({ title: 'sent slowly' });
  const slow = connect(port, '127.0.0.1');
  const head = `POST /api/tasks HTTP/1.1\r\nhost: x\r\nx-api-key: key-for-tests\r\ncontent-type: application/json\r\n`;
  slow.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
  // An answered request behind it proves that the server has read the slow one's first half.
  await fetch(`http://127.0.0.1:${port}/health`);

  started.kill('SIGTERM');
  expect((await line('draining')).signal).toBe('SIGTERM');
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed');

  slow.write(body.slice(5));
  const [answer] = (await once(slow, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 201 /);
  expect(await closed).toEqual([0, null]);
  expect(lines.at(-1)?.msg).toBe('stopped');
}, 20_000);

test('a request that outlasts SHUTDOWN_TIMEOUT_MS does not keep the process', async () => {
  const { started, line, closed } = run({ SHUTDOWN_TIMEOUT_MS: '200' });
  const { port = 0 } = await line('started');
  const stuck = connect(port, '127.0.0.1').on('error', () => {});
  stuck.write('POST /api/tasks HTTP/1.1\r\nhost: x\r\nx-api-key: key-for-tests\r\ncontent-length: 9\r\n\r\n{');
  await fetch(`http://127.0.0.1:${port}/health`);
  started.kill('SIGINT');
  expect(await closed).toEqual([0, null]);
  stuck.destroy();
}, 20_000);

test.each([
  ['a wrong setting', { API_KEY: 'short' }, /^The settings are wrong: API_KEY length/],
  [
    'a database that cannot be opened',
    { DATABASE_PATH: '/no/such/folder/x.db' },
    /^Cannot open the database .*DATABASE_PATH/,
  ],
])(
  '%s: one clear line and exit code 1',
  async (_case, env: Record<string, string>, message) => {
    const { lines, closed } = run(env);
    expect(await closed).toEqual([1, null]);
    expect(lines.map((line) => line.msg)).toEqual([expect.stringMatching(message)]);
  },
  20_000,
);
