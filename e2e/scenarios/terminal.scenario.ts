import assert from 'node:assert/strict';
import { assertGivenBack, openDashboard } from '../harness/dashboard.ts';
import { type Scenario, scenario } from '../harness/scenario.ts';
import type { Terminal } from '../harness/terminal.ts';

scenario(
  'q in a terminal',
  async (given) => {
    const terminal = await openDashboard(given);
    const pods = await given.kubectl.podUids();
    await terminal.press('q');
    const after = await terminal.until('the shell again', (screen) => screen.includes('keeps running'));
    assert.match(after, /before devloop/, 'what was on the screen is back');
    await assertLeft(given, terminal, pods, 0);
  },
  { needs: 'tmux' },
);

scenario(
  'Ctrl-C in a terminal',
  async (given) => {
    const terminal = await openDashboard(given);
    const pods = await given.kubectl.podUids();
    await terminal.press('C-c');
    await terminal.until('the shell again', (screen) => screen.includes('keeps running'));
    await assertLeft(given, terminal, pods, 130);
  },
  { needs: 'tmux' },
);

async function assertLeft(given: Scenario, terminal: Terminal, pods: string[], code: number): Promise<void> {
  await assertGivenBack(terminal, code);
  assert.deepEqual(await given.kubectl.podUids(), pods, 'the release keeps running');
  // The shell of the terminal carries the mark too: it has to go first.
  await terminal.close();
  await given.assertNoProcessLeft();
}
