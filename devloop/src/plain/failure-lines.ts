import { fileList } from '../lib/file-list.ts';
import type { Problem } from '../model/errors.ts';
import type { LoopState } from '../state/state.ts';
import { line, type PlainLine, problemLines } from './plain-line.ts';

/** What has failed: a service's own work or pods, or the deploy of a release. */
export type Failing = { readonly service: string } | { readonly release: string };

/**
 * What is printed of a failure: what failed and why, the evidence, what has changed since all was well, what to do.
 * @param title the problem's, or one that says more
 */
export function failureLines(state: LoopState, failing: Failing, problem: Problem, title = problem.title): PlainLine[] {
  const service = 'service' in failing ? failing.service : undefined;
  const changed = changedFiles(state, failing);
  const since = changed.length > 0 ? [line(service, `  changed since it was last live: ${fileList(changed)}`)] : [];
  return problemLines(service, title, problem, since);
}

/** Newest first. */
function changedFiles({ services }: LoopState, failing: Failing): readonly string[] {
  const concerned = Object.values(services).filter(({ name, spec }) =>
    'service' in failing ? name === failing.service : spec?.release === failing.release,
  );
  return [...new Set(concerned.flatMap(({ changed }) => changed))].reverse();
}
