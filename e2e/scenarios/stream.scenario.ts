import assert from 'node:assert/strict';
import { assertGivenBack, openShell } from '../harness/dashboard.ts';
import { scenario } from '../harness/scenario.ts';

const footer = /^── /m;

scenario(
  '--ui stream: its lines stay in the terminal, its footer does not',
  async (given) => {
    const terminal = await openShell(given, [100, 20]);
    await terminal.type(`devloop up --ui stream --namespace ${given.namespace}`);
    await terminal.until('both services ready', (screen) =>
      /^── ● backend ready {2}● frontend ready\n.* q quit$/m.test(screen),
    );
    const modes = await terminal.modes();
    assert.deepEqual(modes, { alternateScreen: false, cursorVisible: false, mouse: false });

    await terminal.resize(60, 15);
    await given.workspace.edit('apps/backend/src/server.ts', (text) => `// edited in a narrow terminal\n${text}`);
    await terminal.until('the edit in the footer', (screen) => /^ {3}edit 1 live in .* q quit$/m.test(screen));
    await terminal.resize(120, 30);
    await terminal.until('a footer', (screen) => footer.test(screen));

    await terminal.press('q');
    await terminal.until('the shell again', (screen) => screen.includes('keeps running'));
    const history = await terminal.history();
    assert.doesNotMatch(history, footer);
    const told = ['before devloop', 'project tasks', 'building edit 0', 'edit 0 live in', 'edit 1: ', 'edit 1 live in'];
    const places = told.map((words) => history.indexOf(words));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
      history,
    );
    assert.ok(!places.includes(-1), history);
    await assertGivenBack(terminal, 0);
  },
  { needs: 'tmux' },
);

scenario(
  '--ui stream and two Ctrl-C: the second does not wait, and the terminal is given back all the same',
  async (given) => {
    const terminal = await openShell(given, [100, 20]);
    await terminal.type(`devloop up --ui stream --namespace ${given.namespace}`);
    await terminal.until('a build', (screen) => /building/.test(screen) && footer.test(screen));
    await terminal.press('C-c', 'C-c');
    await terminal.untilPrompt();
    assert.doesNotMatch(await terminal.screen(), footer);
    await assertGivenBack(terminal, 130);
  },
  { needs: 'tmux' },
);
