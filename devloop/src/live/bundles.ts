import path from 'node:path';
import type { BundleResult } from '../engine/outside.ts';
import type { BundleSpec } from '../model/project.ts';
import { bundleFault } from './bundle-fault.ts';
import { ProgramBundle } from './program-bundle.ts';

/** A bundle that has been asked for, warm for the next time. */
interface Kept {
  readonly program: ProgramBundle;
  /** The build that was started last. */
  newest: Promise<BundleResult>;
}

/**
 * Bundles of entries by esbuild. What it has parsed is kept between builds of the same entry, which makes the next one
 * many times faster. The same sources give the same bytes, wherever the project is on this machine.
 */
export class Bundles {
  readonly #root: string;
  readonly #kept = new Map<string, Kept>();

  /** @param root the project's root, absolute; places in faults are relative to it */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Bundles an entry with all that it imports, for Node 18 and later: as CommonJS when `to` ends in `.cjs`, else as an
   * ES module, which Node takes for one when `to` ends in `.mjs` or the package.json beside it says `"type": "module"`.
   * Packages go into files of their own beside it, which few edits change, and which a process can load ahead.
   * A newer call for the same bundle cuts an older one off, which then has the newer one's result.
   * @throws Fault (outside) with esbuild's own words, file and line first
   */
  async build(bundle: BundleSpec): Promise<BundleResult> {
    const key = JSON.stringify([bundle.entry, bundle.external, path.posix.basename(bundle.to)]);
    const kept: Kept = this.#kept.get(key) ?? { program: new ProgramBundle(this.#root, bundle), newest: nothing };
    this.#kept.set(key, kept);
    kept.newest = buildAfter(kept.newest, kept.program);
    for (;;) {
      const { newest } = kept;
      const [outcome] = await Promise.allSettled([newest]);
      if (newest !== kept.newest) continue;
      if (outcome.status === 'rejected') throw bundleFault(bundle.entry, outcome.reason);
      return outcome.value;
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.allSettled(all.map(({ program }) => program.close()));
  }
}

/** One at a time: what is under way is cut off. */
async function buildAfter(before: Promise<BundleResult>, program: ProgramBundle): Promise<BundleResult> {
  await program.cut();
  await before.catch(() => {});
  return program.build();
}

const nothing: Promise<BundleResult> = Promise.resolve({ files: [], inputs: [] });
