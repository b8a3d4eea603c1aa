import { mkdir } from 'node:fs/promises';
import type { Config, Service } from '../../devloop/src/config/define.ts';
import type { Workspace } from '../harness/workspace.ts';

/** What all services of the fixture `shared` import. */
export const sharedFile = 'shared.mjs';
export const sharedServices: readonly string[] = Array.from({ length: 8 }, (_, index) => `service-${index + 1}`);

/** Writes the services into a workspace of the fixture. @param ports of this machine, one for each */
export async function writeSharedProject(workspace: Workspace, ports: readonly number[]): Promise<void> {
  await mkdir(workspace.path('services'));
  for (const name of sharedServices) {
    await workspace.write(`services/${name}.mjs`, program(name));
    await workspace.write(`${name}.Dockerfile`, dockerfile(name));
    // Nothing but what it is made of: an edit of one service changes no other.
    await workspace.write(`${name}.Dockerfile.dockerignore`, `*\n!${sharedFile}\n!services/${name}.mjs\n`);
  }
  const config: Config = {
    name: 'shared',
    release: { chart: 'chart', values: ['own-values.yaml'] },
    services: Object.fromEntries(sharedServices.map((name, index) => [name, service(name, ports[index] ?? 0)])),
  };
  const images = Object.fromEntries(sharedServices.map((name) => [name, { image: { repository: name, tag: '' } }]));
  await workspace.write('own-values.yaml', JSON.stringify({ services: images }));
  await workspace.write('devloop.config.ts', `export default ${JSON.stringify(config, undefined, 2)};\n`);
}

const service = (name: string, local: number): Service => ({
  image: { context: '.', dockerfile: `${name}.Dockerfile` },
  values: { image: `services.${name}.image` },
  ports: [{ local, remote: 8080 }],
  // The bundle takes the place of the program that the image starts.
  live: { bundle: { entry: `services/${name}.mjs`, to: '/app/services/server.mjs' } },
  sandbox: { bundle: `services/${name}.mjs` },
});

const program = (name: string): string => `import { serve } from '../${sharedFile}';

const own = '${name}';
serve(own);
`;

const dockerfile = (name: string): string => `FROM node:24-alpine
RUN mkdir -p /app/services && chown -R 1001 /app
WORKDIR /app
COPY --chown=1001 ${sharedFile} ./
COPY --chown=1001 services/${name}.mjs services/server.mjs
USER 1001
CMD ["node", "services/server.mjs"]
`;
