import { wallTime } from '../lib/time-text.ts';
import type { Clock } from '../model/clock.ts';
import { outsideFault } from '../model/errors.ts';
import type { Dispatch } from '../state/store.ts';
import type { Helm, HelmRelease } from './outside.ts';

/** Milliseconds from one look to the next at a helm that still runs. */
const pollMs = 250;
/** Milliseconds after which a helm that still runs is no longer waited for: its own limit for hooks is 5 minutes. */
const patienceMs = 330_000;

export interface HealParts {
  readonly helm: Pick<Helm, 'latest' | 'history' | 'ownerOf' | 'rollback' | 'uninstall'>;
  readonly clock: Clock;
  readonly dispatch: Dispatch;
  /** For the command that a user is told. */
  readonly context: string;
}

/** Did a helm not finish this revision? */
export const isUnfinished = ({ status }: HelmRelease): boolean =>
  status.startsWith('pending-') || status === 'uninstalling';

/**
 * Frees a release that a helm of this project's devloop has left unfinished, as it or devloop was killed: it is rolled
 * back to its last deployed revision, or uninstalled when there is none. A helm that still runs is waited for.
 * @param latest the newest revision
 * @returns the newest revision afterwards; undefined when the release is gone
 * @throws Fault (outside) when it was somebody else's, which is left alone; with helm's own words when helm fails
 */
export async function healRelease(
  parts: HealParts,
  release: string,
  namespace: string,
  latest: HelmRelease,
  signal: AbortSignal,
): Promise<HelmRelease | undefined> {
  const { helm, dispatch } = parts;
  const left = await afterRunningHelm(parts, release, namespace, latest, signal);
  if (!left || !isUnfinished(left)) return left;
  const tell = (how: string) =>
    dispatch({
      type: 'notice',
      level: 'warning',
      text: `Release ${release} was left ${left.status} by a helm of devloop's that was cut off: ${how}`,
    });
  const target = left.status === 'uninstalling' ? undefined : targetOf(await helm.history(release, namespace, signal));
  signal.throwIfAborted();
  if (target) {
    tell(`it is rolled back to revision ${target.revision}`);
    return helm.rollback(release, namespace, target.revision, signal);
  }
  tell(
    left.status === 'uninstalling' ? 'its uninstall is finished' : 'it is uninstalled, as nothing was deployed before',
  );
  await helm.uninstall(release, namespace, signal);
  signal.throwIfAborted();
  return undefined;
}

/** Waits until no helm of ours works on the release any more. @throws Fault (outside) when it is somebody else's */
async function afterRunningHelm(
  { helm, clock, dispatch, context }: HealParts,
  release: string,
  namespace: string,
  latest: HelmRelease,
  signal: AbortSignal,
): Promise<HelmRelease | undefined> {
  const deadline = clock.now() + patienceMs;
  let told = false;
  for (let left: HelmRelease | undefined = latest; ; left = await helm.latest(release, namespace, signal)) {
    if (!left || !isUnfinished(left)) return left;
    const owner = await helm.ownerOf(release, namespace, left);
    if (owner.by === 'devloop') return left;
    if (owner.by === 'somebody else') throw foreign(release, namespace, context, left);
    if (clock.now() > deadline) throw stuck(release, owner.pid);
    if (!told)
      dispatch({
        type: 'notice',
        level: 'info',
        text: `A helm that an earlier devloop has started still works on release ${release} (pid ${owner.pid}): it is waited for`,
      });
    told = true;
    await clock.sleep(pollMs, signal);
    signal.throwIfAborted();
  }
}

/** The revision that runs, as far as one does: what was deployed last, else what failed and has left its objects. */
function targetOf(history: readonly HelmRelease[]): HelmRelease | undefined {
  const last = (...statuses: string[]) => history.findLast(({ status }) => statuses.includes(status));
  return last('deployed') ?? last('superseded') ?? last('failed');
}

function foreign(release: string, namespace: string, context: string, { status, revision, updated }: HelmRelease) {
  const since = updated === undefined ? '' : ` since ${wallTime(updated)}`;
  const words = `--namespace ${namespace} --kube-context ${context}`;
  const free =
    status === 'pending-install' || status === 'uninstalling'
      ? `helm uninstall ${release} ${words}`
      : `helm rollback ${release} ${words}`;
  return outsideFault({
    title: `Release ${release} is locked`,
    why: `its revision ${revision} is ${status}${since}, by a helm that is not of this devloop`,
    fix: `Let that helm finish and save again. If it was cut off, free the release: ${free}`,
  });
}

const stuck = (release: string, pid: number) =>
  outsideFault({
    title: `Release ${release} is locked`,
    why: `a helm that an earlier devloop has started still works on it (pid ${pid})`,
    fix: `End it with \`kill -INT ${pid}\`, and save again.`,
  });
