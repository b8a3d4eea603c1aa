import { afterEach, describe, expect, it } from '@jest/globals';
import { createGate } from '../fakes/ticks.ts';
import { allHealthy, logged } from '../support/sample.ts';
import { openScreen, type Screen } from '../support/screen.ts';

let screen: Screen;
afterEach(() => screen.close());

/** Takes the terminal, and returns what gives it back. */
async function lend() {
  const gate = createGate();
  const done = screen.lend(() => gate.promise);
  await screen.advance(0);
  return {
    giveBack: async () => {
      gate.open();
      await done;
      await screen.advance(100);
    },
    fail: async () => {
      gate.fail(new Error('cut off'));
      await expect(done).rejects.toThrow('cut off');
      await screen.advance(100);
    },
  };
}

describe('while the terminal is lent', () => {
  it('it is as it was before the dashboard, and nothing is drawn on it', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy());
    const { giveBack } = await lend();
    expect([screen.buffer(), screen.text()]).toEqual(['normal', '']);
    await screen.feed(logged('backend', 'written meanwhile'));
    expect(screen.text()).toBe('');
    await giveBack();
    expect(screen.buffer()).toBe('alternate');
    expect(screen.text()).toContain('written meanwhile');
  });

  it('the cursor shows, and the keys are the dashboard’s again after it', async () => {
    screen = await openScreen();
    const { giveBack } = await lend();
    const [shown, hidden] = ['\u001b[?25h', '\u001b[?25l'].map((code) => screen.written().lastIndexOf(code));
    expect(shown).toBeGreaterThan(hidden ?? 0);
    await giveBack();
    await screen.type('q');
    expect(screen.quits()).toBe(1);
  });

  it.each([
    [60, 15],
    [120, 40],
  ])('a resize to %i by %i is drawn after it', async (columns, rows) => {
    screen = await openScreen();
    await screen.feed(...allHealthy());
    const { giveBack } = await lend();
    await screen.resize(columns, rows);
    expect(screen.text()).toBe('');
    await giveBack();
    const lines = screen.lines();
    expect(lines).toHaveLength(rows);
    expect(lines[0]).toContain('devloop');
    expect(lines.at(-1)).toContain('quit');
  });

  it('the dashboard comes back when the work fails', async () => {
    screen = await openScreen();
    await screen.feed(...allHealthy());
    const before = screen.text();
    const { fail } = await lend();
    await fail();
    expect([screen.buffer(), screen.text()]).toEqual(['alternate', before]);
  });

  it('the dashboard may end', async () => {
    screen = await openScreen();
    const { giveBack } = await lend();
    await screen.close();
    await giveBack();
    expect([screen.buffer(), screen.text()]).toEqual(['normal', '']);
  });
});
