import { stringify } from 'yaml';
import type { CommonOptions } from '../options.ts';
import { write } from '../output.ts';
import { loadProject } from '../session.ts';

/** `devloop config`: the configuration with every default and path resolved. Needs no cluster. */
export async function config(options: CommonOptions & { json?: boolean }): Promise<number> {
  const project = await loadProject(options);
  write(options.json ? `${JSON.stringify(project, null, 2)}\n` : stringify(project));
  return 0;
}
