import type { KeptLines } from '../lib/kept-lines.ts';
import type { Problem } from '../model/errors.ts';
import type { EditTiming } from '../model/events.ts';
import type { BuildStep } from '../model/operation.ts';

/** One image build of a service, from its start. */
export interface BuildRun {
  readonly edit: number;
  /** Why a live update was not enough, where one was looked at; empty otherwise. */
  readonly why: string;
  readonly startedAt: number;
  /** `reused`: the image of this content was there already, and nothing was built. */
  readonly result: 'running' | 'built' | 'reused' | 'failed' | 'cancelled';
  /** Of a cancelled one: the newer edit that took its place, where one did. */
  readonly overtakenBy?: number;
  /** How long it took, once it has ended. */
  readonly ms?: number;
  readonly problem?: Problem;
  readonly steps: readonly TimedStep[];
  /** What the builder printed, free of control sequences. */
  readonly output: KeptLines;
}

export interface TimedStep extends BuildStep {
  /** When it was first heard of. */
  readonly startedAt: number;
}

/** One edit of a service, or of its release's chart or values, on its way to the pods. */
export interface EditRun {
  /** 0 is what was there when the loop began. */
  readonly edit: number;
  /** The first files of it. */
  readonly files: readonly string[];
  readonly fileCount: number;
  readonly changedAt: number;
  readonly seenAt: number;
  /** How it goes to the pods, once that is known; `helm`: only its chart or values changed. */
  readonly way?: 'live update' | 'image' | 'helm';
  /** When its image was there, or what to send of it was known. */
  readonly builtAt?: number;
  /** When the deploy of its image was done, or the first pod had its files. */
  readonly broughtAt?: number;
  /**
   * `unchanged`: its image is the one that is deployed already. `superseded`: it never was live by itself, as a newer
   * edit that contains it took its place.
   */
  readonly result: 'running' | 'live' | 'unchanged' | 'failed' | 'superseded';
  readonly supersededBy?: number;
  readonly problem?: Problem;
  readonly timing?: EditTiming;
}

/** The history of a service that begins with the loop. */
export const firstEdit = (at: number): EditRun => ({
  edit: 0,
  files: [],
  fileCount: 0,
  changedAt: at,
  seenAt: at,
  result: 'running',
});
