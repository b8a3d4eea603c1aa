import assert from 'node:assert/strict';
import { assertGivenBack, openDashboard, openPodShell, untilWhole } from '../harness/dashboard.ts';
import { poll } from '../harness/http.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import { backendInfo, backendShows, crashBackend, markBackend, newMarker } from '../harness/tasks-app.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario(
  'what the keys of the dashboard do: save, shell, pause, restart, rebuild, roll back',
  async (given) => {
    const terminal = await openDashboard(given);
    await savesLog(given, terminal);
    await opensShell(terminal);
    await pauses(given, terminal);
    await restarts(given, terminal);
    await rebuilds(terminal);
    await rollsBack(given, terminal);
    await terminal.press('q');
    await assertGivenBack(terminal, 0);
  },
  { needs: 'tmux' },
);

async function savesLog({ ports, workspace }: Scenario, terminal: Terminal): Promise<void> {
  await backendInfo(ports);
  await terminal.until('the request', (screen) => screen.includes('path=/api/info'));
  await terminal.press('S');
  const saved = /saved to (\S+\.log)\b/;
  const screen = await terminal.until('the name of the file', (text) => saved.test(text));
  const lines = (await workspace.read(saved.exec(screen)?.[1] ?? '')).split('\n');
  const isRequest = (line: string) => /^\S+Z backend\/\S+ │ .*path=\/api\/info/.test(line);
  assert.equal(lines.filter(isRequest).length, 1, lines.join('\n'));
}

async function opensShell(terminal: Terminal): Promise<void> {
  await openPodShell(terminal);
  await terminal.type('echo hello $((40 + 2))');
  await terminal.until('what the shell says', (screen) => /^hello 42$/m.test(screen));
  await terminal.type('exit');
  await terminal.until('how it ended', (screen) => /shell in container backend .* has ended/.test(screen));
  await untilWhole(terminal);
}

/** A file that is saved meanwhile waits, and is an edit afterwards. */
async function pauses({ ports, workspace }: Scenario, terminal: Terminal): Promise<void> {
  const marker = newMarker();
  await terminal.press('p');
  await terminal.until('the pause', (screen) => screen.includes('paused: 0 changed files'));
  await markBackend(workspace, marker);
  await terminal.until('the file that waits', (screen) => screen.includes('paused: 1 changed file waits'));
  assert.equal((await backendInfo(ports)).marker, undefined);
  await terminal.press('p');
  await terminal.until('its edit', (screen) => !screen.includes('paused') && /\bready\b.*\bedit 1\b/.test(screen));
  await backendShows(ports, marker);
}

async function restarts({ kubectl }: Scenario, terminal: Terminal): Promise<void> {
  const uids = async () => (await kubectl.pods('backend')).map((pod) => pod.metadata.uid);
  const before = await uids();
  await terminal.press('r');
  await terminal.until('that pods are started', (screen) => screen.includes('backend: new pods are started'));
  await poll('other pods', async () => ((await uids()).some((uid) => before.includes(uid)) ? undefined : true));
  await backendReady(terminal);
}

async function rebuilds(terminal: Terminal): Promise<void> {
  await terminal.press('4');
  await terminal.until('the builds', (screen) => screen.includes('Build of edit 0'));
  const builds = (screen: string) => screen.match(/✓ (built|reused)\b/g)?.length ?? 0;
  const before = builds(await terminal.screen());
  await terminal.press('b');
  await terminal.until('one more build', (screen) => builds(screen) > before);
  await terminal.press('Escape');
  await terminal.until('the overview', (screen) => screen.includes('logs of all'));
  await backendReady(terminal);
}

async function rollsBack({ ports, workspace }: Scenario, terminal: Terminal): Promise<void> {
  await crashBackend(workspace, 'on purpose');
  await terminal.until('the failure', (screen) => /✗ backend/.test(screen) && screen.includes('on purpose'));
  await terminal.press('u');
  await backendReady(terminal);
  await backendInfo(ports);
}

const backendReady = (terminal: Terminal): Promise<string> =>
  terminal.until('the backend ready', (screen) => /● backend +ready +1\/1/.test(screen));
