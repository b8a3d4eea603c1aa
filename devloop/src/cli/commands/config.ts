import { stringify } from 'yaml';
import { HiddenValues } from '../../lib/hidden-values.ts';
import { declaredSecrets } from '../declared-secrets.ts';
import type { CommonOptions } from '../options.ts';
import { write } from '../output.ts';
import { loadProject } from '../session.ts';

/** `devloop config`: the configuration with every default and path resolved. Needs no cluster. */
export async function config(options: CommonOptions & { json?: boolean }): Promise<number> {
  const project = await loadProject(options);
  const hidden = new HiddenValues();
  hidden.hide('secretEnv', declaredSecrets(project));
  write(hidden.mask(options.json ? `${JSON.stringify(project, null, 2)}\n` : stringify(project)));
  return 0;
}
