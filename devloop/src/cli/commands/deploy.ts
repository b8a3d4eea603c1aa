import { systemClock } from '../../adapters/clock/system-clock.ts';
import { deployRelease } from '../../engine/deploy-release.ts';
import { deployInputs } from '../../state/deploy-inputs.ts';
import { checkBuilt, currentImages } from '../current-images.ts';
import { interruptSignal } from '../interrupt.ts';
import { type CommonOptions, wantsColor } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import { printLoop } from '../show-loop.ts';

/** `devloop deploy`: one helm upgrade of each release with the images of the present content, when anything differs. */
export function deploy(options: CommonOptions): Promise<number> {
  return withSession(options, [], { docker: true, sandbox: 'change' }, (session) => deployAll(session, options));
}

async function deployAll(session: Session, options: CommonOptions): Promise<number> {
  const { project, target, store, outside } = session;
  const interrupt = interruptSignal();
  const { signal } = interrupt;
  try {
    const images = await currentImages(session);
    await checkBuilt(session, images, signal);
    await printLoop(store, 'plain', { color: wantsColor(options), verbose: options.verbose ?? false });
    await outside.kubernetes.ensureNamespace(project.namespace, signal);
    store.dispatch({
      type: 'loop.started',
      project,
      cluster: { context: target.context, kind: target.kind, why: target.why },
    });
    for (const { service, ...image } of images)
      store.dispatch({ type: 'build.succeeded', service, image, reused: true, ms: 0 });
    for (const { name } of project.releases) {
      await deployRelease(outside, systemClock, store, name, deployInputs(store.getState(), name) ?? '', signal);
    }
    const failed = Object.values(store.getState().releases).some((release) => release.deploy.status === 'failed');
    return interrupt.code() ?? (failed ? 1 : 0);
  } finally {
    interrupt.stop();
  }
}
