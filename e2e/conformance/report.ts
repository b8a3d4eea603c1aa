import { isDeepStrictEqual } from 'node:util';
import type { KnownDifference } from './known-differences.ts';
import type { Seen } from './run-checks.ts';
import { type Difference, differences } from './values/compare.ts';

export interface Verdict {
  readonly name: string;
  readonly outcome: 'passed' | 'known difference' | 'failed';
  /** What a person needs to read when it failed. */
  readonly lines: readonly string[];
}

/** Judges what one target showed by itself: a check that could not finish has failed. */
export const judgeOne = (seen: readonly Seen[]): Verdict[] =>
  seen.map(({ name, error }) => ({ name, outcome: error ? 'failed' : 'passed', lines: error ? [error] : [] }));

/** Judges what both targets showed; both lists are of the same checks in the same order. */
export function judgeBoth(
  real: readonly Seen[],
  sandbox: readonly Seen[],
  known: readonly KnownDifference[],
): Verdict[] {
  return real.map((one, index) => {
    const other = sandbox[index];
    const errors = [one.error && `real: ${one.error}`, other?.error && `sandbox: ${other.error}`];
    const lines = errors.filter((error) => error !== undefined && error !== '') as string[];
    if (lines.length > 0) return { name: one.name, outcome: 'failed', lines };
    return judge(one.name, differences(one.value, other?.value), known);
  });
}

function judge(name: string, found: readonly Difference[], known: readonly KnownDifference[]): Verdict {
  const listed = known.find(({ check }) => check === name)?.differences;
  if (listed && found.length === 0)
    return { name, outcome: 'failed', lines: ['Its listed differences no longer occur: take them off the list.'] };
  if (found.length === 0) return { name, outcome: 'passed', lines: [] };
  if (listed && isDeepStrictEqual(found, listed)) return { name, outcome: 'known difference', lines: [] };
  return { name, outcome: 'failed', lines: found.flatMap(describe) };
}

const describe = ({ path, real, sandbox }: Difference): string[] => [
  `at ${path || 'the value'}`,
  `  real     ${JSON.stringify(real)}`,
  `  sandbox  ${JSON.stringify(sandbox)}`,
];

/** Reasons of known differences that the document lacks, and checks listed that do not exist. */
export function unexplained(known: readonly KnownDifference[], names: readonly string[], document: string): string[] {
  const plain = (text: string) => text.replace(/\s+/g, ' ');
  const undocumented = known.filter(({ why }) => !plain(document).includes(plain(why)));
  const unknown = known.filter(({ check }) => !names.includes(check));
  return [
    ...undocumented.map(({ check, why }) => `docs/sandbox.md lacks the reason of "${check}": ${why}`),
    ...unknown.map(({ check }) => `known-differences.ts lists "${check}", which is no check`),
  ];
}

/** The table at the end of a run: the outcomes by group, then every failure. */
export function table(verdicts: readonly Verdict[]): string {
  const groups = Map.groupBy(verdicts, ({ name }) => name.slice(0, name.indexOf(':')));
  const row = (name: string, of: readonly Verdict[]) => {
    const count = (outcome: Verdict['outcome']) =>
      String(of.filter((one) => one.outcome === outcome).length).padStart(8);
    return `${name.padEnd(20)}${count('passed')}${count('known difference')}${count('failed')}`;
  };
  const head = `${'group'.padEnd(20)}${'passed'.padStart(8)}${'known'.padStart(8)}${'failed'.padStart(8)}`;
  const failures = verdicts.filter(({ outcome }) => outcome === 'failed');
  const details = failures.flatMap(({ name, lines }) => [`\nFAILED ${name}`, ...lines.map((line) => `  ${line}`)]);
  return [head, ...[...groups].map(([name, of]) => row(name, of)), row('all', verdicts), ...details].join('\n');
}
