import assert from 'node:assert/strict';
import { assertGivenBack, devloopPid, openPodShell, openShell, startDashboard } from '../harness/dashboard.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario(
  'the terminal after each end of the dashboard',
  async (given) => {
    const terminal = await openShell(given);
    await endsWhileStarting(given, terminal, 0, () => terminal.press('q'));
    await endsWhileStarting(given, terminal, 129, async () => {
      process.kill(await devloopPid(given), 'SIGHUP');
    });
    await failsWhileStarting(terminal);
    await startDashboard(given, terminal);
    await openPodShell(terminal);
    process.kill(await devloopPid(given), 'SIGTERM');
    await assertGivenBack(terminal, 143);
    await startDashboard(given, terminal);
    process.kill(await devloopPid(given), 'SIGKILL');
    await leftByKill(terminal);
    await terminal.close();
    await given.assertNoProcessLeft();
  },
  { needs: 'tmux' },
);

/** Before the project and the cluster are known, it can be ended too. */
async function endsWhileStarting(
  { namespace }: Scenario,
  terminal: Terminal,
  code: number,
  end: () => Promise<void>,
): Promise<void> {
  await terminal.type(`devloop up --namespace ${namespace}`);
  await terminal.until('the first frame', (screen) => /^\s*devloop\b/.test(screen));
  await end();
  await terminal.until('the shell again', (screen) => screen.includes('before devloop'));
  await assertGivenBack(terminal, code);
}

/** What is wrong is told on the user's own screen, after the dashboard has gone. */
async function failsWhileStarting(terminal: Terminal): Promise<void> {
  await terminal.type('devloop up --config no-such.config.ts');
  await terminal.until('what is wrong', (screen) => screen.includes('before devloop') && screen.includes('✗'));
  await assertGivenBack(terminal, 2);
}

/** Nobody can act on SIGKILL: the screen stays, without a cursor, until the shell's `reset`. */
async function leftByKill(terminal: Terminal): Promise<void> {
  // The shell says so where the cursor stands, which may be at the end of a row.
  await terminal.until('the end of devloop', (screen) => /K\s*i\s*l\s*l\s*e\s*d/.test(screen));
  assert.deepEqual(await terminal.modes(), { alternateScreen: true, cursorVisible: false, mouse: false });
}
