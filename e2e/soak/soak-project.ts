import type { Config } from '../../devloop/src/config/define.ts';
import type { AppPorts } from '../harness/tasks-app.ts';
import type { Workspace } from '../harness/workspace.ts';

/** The services of e2e/fixtures/soak: files of one are synced, the other's are bundled; a folder is part of both. */
export const soakServices = ['synced', 'bundled'] as const;
export type SoakService = (typeof soakServices)[number];

/** The port of this machine that leads to a service. */
export const portOf = (service: SoakService, ports: AppPorts): number =>
  service === 'synced' ? ports.backend : ports.frontend;

/** Writes the configuration of a workspace that is a copy of e2e/fixtures/soak. */
export async function writeSoakProject(workspace: Workspace, ports: AppPorts): Promise<void> {
  const common = (service: SoakService) => ({
    image: { context: 'app', dockerfile: `app/${service}.Dockerfile` },
    values: { image: `services.${service}.image` },
    ports: [{ local: portOf(service, ports), remote: 8080 }],
  });
  const config: Config = {
    name: 'soak',
    release: { chart: 'chart', values: ['own-values.json'] },
    services: {
      synced: {
        ...common('synced'),
        live: {
          sync: [
            { from: 'app/synced/src', to: '/app/synced/src' },
            { from: 'app/shared', to: '/app/shared' },
          ],
          restart: true,
        },
        sandbox: { folder: 'app', start: ['node', 'synced/src/main.mjs'] },
      },
      bundled: {
        ...common('bundled'),
        live: { bundle: { entry: 'app/bundled/src/main.mjs', to: '/app/bundled/src/main.mjs' } },
        sandbox: { folder: 'app', bundle: 'app/bundled/src/main.mjs' },
      },
    },
  };
  await workspace.write('devloop.config.ts', `export default ${JSON.stringify(config, undefined, 2)};\n`);
  await workspace.write('own-values.json', JSON.stringify({ note: 'note 0;' }));
}
