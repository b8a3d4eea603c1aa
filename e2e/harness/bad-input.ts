import assert from 'node:assert/strict';
import type { CommandResult } from './command.ts';
import { type Scenario, type ScenarioOptions, scenario } from './scenario.ts';

interface BadInput {
  /** Prepares the fault and runs devloop into it. */
  readonly run: (given: Scenario) => Promise<CommandResult>;
  readonly code: number;
  /** What the message has to say: the cause by name, and the next step. */
  readonly says: readonly RegExp[];
  readonly options?: ScenarioOptions;
}

/** A scenario of wrong input: one clear message, the right exit code, and nothing changed. */
export function badInput(name: string, { run, code, says, options }: BadInput): void {
  const body = async (given: Scenario) => {
    const result = await run(given);
    assert.equal(result.code, code, `stdout:\n${result.stdout}\nstderr:\n${result.stderr}`);
    for (const words of says) assert.match(result.stderr, words);
    assert.doesNotMatch(result.stderr, /^\s+at .+:\d+:\d+\)?$/m, 'no stack trace');
    const lines = result.stderr.trim().split('\n').length;
    assert.ok(lines <= 15, `one message, not ${lines} lines:\n${result.stderr}`);
    assert.equal(await given.kubectl.namespaceExists(), false, 'nothing was changed');
    await given.assertNoProcessLeft();
  };
  scenario(name, body, options);
}
