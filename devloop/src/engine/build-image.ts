import type { Clock } from '../model/clock.ts';
import { problemOf } from '../model/errors.ts';
import type { LogLine } from '../model/log-line.ts';
import { imageReference } from '../model/operation.ts';
import type { ServiceSpec } from '../model/project.ts';
import type { Dispatch } from '../state/store.ts';
import type { BuildReport, Outside } from './outside.ts';

/**
 * Builds a service's image, or takes the one that the daemon already has for this content. Reports by events.
 * @param forced builds even when the daemon has it, and tells whether that made another image
 */
export async function buildImage(
  outside: Outside,
  clock: Clock,
  dispatch: Dispatch,
  service: ServiceSpec,
  { edit, forced = false }: { readonly edit: number; readonly forced?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { image, name } = service;
  if (!image) return;
  const started = clock.now();
  const ms = () => clock.now() - started;
  dispatch({ type: 'build.started', service: name, edit, ...(forced && { forced }) });
  try {
    const tag = await outside.files.imageTag(image);
    const built = { repository: image.repository, tag, edit };
    const reference = imageReference(built);
    const known = forced ? await outside.docker.imageId(reference, signal) : undefined;
    const reused = !forced && (await outside.docker.hasImage(reference, signal));
    if (!reused) {
      const report: BuildReport = {
        step: (step) => dispatch({ type: 'build.step', service: name, step }),
        output: (text) => dispatch({ type: 'log', line: buildLine(name, clock.now(), text) }),
      };
      await outside.docker.build(image, tag, report, signal);
    }
    const unchanged = known !== undefined && known === (await outside.docker.imageId(reference, signal));
    signal.throwIfAborted();
    const asked = forced ? { unchanged } : {};
    dispatch({ type: 'build.succeeded', service: name, image: built, reused, ...asked, ms: ms() });
  } catch (error) {
    if (signal.aborted) dispatch({ type: 'build.cancelled', service: name, edit });
    else
      dispatch({
        type: 'build.failed',
        service: name,
        edit,
        problem: problemOf(error, `The build of ${name} failed`),
        ms: ms(),
      });
  }
}

const buildLine = (service: string, at: number, text: string): LogLine => ({ at, service, source: 'build', text });
