import type { Config, LiveUpdate } from '../../devloop/src/config/define.ts';
import type { Workspace } from './workspace.ts';

export interface LiveAppOptions {
  /** The folder of e2e/fixtures/live that its image is made of. Default: `files`. */
  readonly folder?: 'files' | 'numbered' | 'shell' | 'static';
  /** The Dockerfile in that folder. Default: `Dockerfile`. */
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Added to the steps that it has: the folder `src` is synced, and the program started anew. */
  readonly live?: LiveUpdate;
  /** Of the chart. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * Writes the configuration of a workspace that is a copy of e2e/fixtures/live.
 * @param local the port of this machine that leads to it
 */
export async function writeLiveProject(workspace: Workspace, local: number, options: LiveAppOptions): Promise<void> {
  const { folder = 'files', dockerfile = 'Dockerfile', args = {}, live, values = {} } = options;
  const steps: LiveUpdate = { sync: [{ from: `${folder}/src`, to: '/app/src' }], restart: true, ...live };
  const config: Config = {
    name: 'live',
    release: { chart: 'chart', values: ['own-values.yaml'] },
    services: {
      app: {
        image: { context: folder, dockerfile: `${folder}/${dockerfile}`, args: { ...args } },
        values: { image: 'image' },
        ports: [{ local, remote: 8080 }],
        live: steps,
        sandbox: { folder, start: ['node', 'src/server.mjs'] },
      },
    },
  };
  await workspace.write('devloop.config.ts', `export default ${JSON.stringify(config, undefined, 2)};\n`);
  await workspace.write('own-values.yaml', JSON.stringify(values));
}
