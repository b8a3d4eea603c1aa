import type { Difference } from './values/compare.ts';

/** Differences of one check between the real cluster and the sandbox that stay, with the reason. */
export interface KnownDifference {
  /** The check's full name. */
  readonly check: string;
  /** One sentence, which docs/sandbox.md has too, word for word. */
  readonly why: string;
  /** All of the check's differences, exactly. */
  readonly differences: readonly Difference[];
}

/** What the sandbox does otherwise than a cluster. One that no longer occurs fails the run, as does one not listed. */
export const knownDifferences: readonly KnownDifference[] = [];
