import { upgradeOf } from '../../engine/deploy-release.ts';
import { currentImages } from '../current-images.ts';
import { maskSecrets } from '../mask-secrets.ts';
import type { CommonOptions } from '../options.ts';
import { write } from '../output.ts';
import { openSession } from '../session.ts';

/** `devloop render`: the manifests that a deploy would send; the values of Secrets are masked. */
export async function render(options: CommonOptions): Promise<number> {
  const session = await openSession(options, [], { docker: false });
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
