import type { Intents } from '../../src/model/intents.ts';

export interface FakeIntents {
  readonly intents: Intents;
  /** What was asked, in order: `rebuild backend`, `setActive backend false`. */
  readonly asked: string[];
}

/** Intents that only remember that they were asked. */
export function createFakeIntents(): FakeIntents {
  const asked: string[] = [];
  const ask =
    (what: keyof Intents) =>
    (...about: readonly unknown[]) => {
      asked.push([what, ...about].join(' '));
    };
  const intents = {
    ...{ quit: ask('quit'), interrupt: ask('interrupt'), pause: ask('pause'), resume: ask('resume') },
    ...{ rebuild: ask('rebuild'), restart: ask('restart'), rollback: ask('rollback'), setActive: ask('setActive') },
    ...{ open: ask('open'), copy: ask('copy'), saveLog: ask('saveLog'), shell: ask('shell') },
  };
  return { intents, asked };
}
