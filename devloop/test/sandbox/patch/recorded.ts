// What the API server of Kubernetes 1.20.2 answered; the times, uids and versions are left out.
import { readFileSync } from 'node:fs';
import { mergePatched } from '../../../src/sandbox/store/patch/merge-patch.ts';

export interface RecordedError {
  readonly message: string;
  readonly reason?: string;
  readonly code: number;
  readonly details?: Record<string, unknown>;
}

/** A patch of the one Deployment, and how it differed afterwards. */
export interface RecordedPatch {
  readonly name: string;
  readonly type: 'json' | 'merge' | 'strategic';
  readonly patch: unknown;
  readonly diff?: unknown;
  readonly error?: RecordedError;
}

export interface RecordedManager {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly fieldsV1: unknown;
  /** Whether the entry had a time. */
  readonly timed: boolean;
}

/** One write of a sequence to one object. */
export interface RecordedWrite {
  readonly manager: string;
  readonly how: 'apply' | 'create' | 'json' | 'merge' | 'strategic';
  readonly force?: boolean;
  readonly body: Record<string, unknown>;
  readonly diff?: unknown;
  readonly managers?: readonly RecordedManager[];
  readonly error?: RecordedError;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const recordedPatches = read('recorded-patches.json') as {
  readonly before: Record<string, unknown>;
  readonly cases: readonly RecordedPatch[];
};

export const recordedApplies = read('recorded-applies.json') as Record<string, readonly RecordedWrite[]>;

export const withDiff = (before: unknown, diff: unknown): unknown => mergePatched(before, diff);
