import { upgradeOf } from '../../engine/deploy-release.ts';
import { currentImages } from '../current-images.ts';
import { maskSecrets } from '../mask-secrets.ts';
import type { CommonOptions } from '../options.ts';
import { write } from '../output.ts';
import { type Session, withSession } from '../session.ts';

/** `devloop render`: the manifests that a deploy would send; the values of Secrets are masked. */
export function render(options: CommonOptions): Promise<number> {
  return withSession(options, [], { docker: false, sandbox: 'change' }, printManifests);
}

async function printManifests(session: Session): Promise<number> {
  const images = await currentImages(session);
  for (const release of session.project.releases) {
    const own = images.filter(
      ({ service }) => session.project.services.find(({ name }) => name === service)?.release === release.name,
    );
    const upgrade = await upgradeOf(session.outside, session.project, release, own);
    write(maskSecrets(await session.outside.helm.template(upgrade)));
  }
  return 0;
}
