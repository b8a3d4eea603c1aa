import { freePorts } from '../harness/ports.ts';
import { AskedServices } from './asked-services.ts';
import { type Edits, measureEdits } from './measure-edits.ts';
import type { Measurement } from './measurement.ts';
import { sharedFile, sharedServices, writeSharedProject } from './shared-project.ts';

/** Eight services that bundle the same file: an edit of what only the first of them has, and one of that file. */
export const sharedFileEdit: Measurement = {
  fixture: 'shared',
  services: sharedServices,
  prepare: async ({ workspace }) => {
    const ports = await freePorts(sharedServices.length);
    await writeSharedProject(workspace, ports);
    const edit = (file: string, marker: string) =>
      workspace.edit(file, (text) => text.replace(/(const \w+ = )'[^']*'/, `$1'${marker}'`));
    return async (loop) => {
      const edits = (title: string, services: readonly string[], file: string): Edits => ({
        title,
        services,
        save: (marker) => edit(file, marker),
        ask: () => new AskedServices(loop, services, ports),
      });
      const [first = ''] = sharedServices;
      return [
        await measureEdits(loop, edits('one of eight services', [first], `services/${first}.mjs`)),
        await measureEdits(loop, edits('eight services, one shared file', sharedServices, sharedFile)),
      ];
    };
  },
};
