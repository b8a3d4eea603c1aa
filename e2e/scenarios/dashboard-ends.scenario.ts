import assert from 'node:assert/strict';
import { assertGivenBack, devloopPid, openShell, startDashboard } from '../harness/dashboard.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario(
  'the terminal after each end of the dashboard',
  async (given) => {
    const terminal = await openShell(given);
    await endsWhileStarting(given, terminal);
    await failsWhileStarting(given, terminal);
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      await startDashboard(given, terminal);
      process.kill(await devloopPid(given), signal);
      await assertGivenBack(terminal, code);
    }
    await startDashboard(given, terminal);
    process.kill(await devloopPid(given), 'SIGKILL');
    await leftByKill(terminal);
    await terminal.close();
    await given.assertNoProcessLeft();
  },
  { needs: 'tmux' },
);

/** Before the project and the cluster are known, q ends it too. */
async function endsWhileStarting({ namespace }: Scenario, terminal: Terminal): Promise<void> {
  await terminal.type(`devloop up --namespace ${namespace}`);
  await terminal.until('the first frame', (screen) => /^\s*devloop\b/.test(screen));
  await terminal.press('q');
  await terminal.until('the shell again', (screen) => screen.includes('before devloop'));
  await assertGivenBack(terminal, 0);
}

/** What is wrong is told on the user's own screen, after the dashboard has gone. */
async function failsWhileStarting(_: Scenario, terminal: Terminal): Promise<void> {
  await terminal.type('devloop up --config no-such.config.ts');
  await terminal.until('what is wrong', (screen) => screen.includes('before devloop') && screen.includes('✗'));
  await assertGivenBack(terminal, 2);
}

/** Nobody can act on SIGKILL: the screen stays, without a cursor, until the shell's `reset`. */
async function leftByKill(terminal: Terminal): Promise<void> {
  await terminal.until('the end of devloop', (screen) => screen.includes('Killed'));
  assert.deepEqual(await terminal.modes(), { alternateScreen: true, cursorVisible: false, mouse: false });
}
