import { writeLiveProject } from '../harness/live-project.ts';
import { Poller } from '../harness/poller.ts';
import { measureEdits } from './measure-edits.ts';
import type { Measurement } from './measurement.ts';

/** A small server of a few files that are synced as they are. */
export const unbundledEdit: Measurement = {
  fixture: 'live',
  services: ['app'],
  prepare: async ({ workspace, ports }) => {
    await writeLiveProject(workspace, ports.backend, {});
    const ask = () => new Poller(`http://127.0.0.1:${ports.backend}/`);
    const save = (marker: string) => workspace.write('files/src/text.txt', marker);
    return async (loop) => [await measureEdits(loop, { title: 'sync and restart', services: ['app'], save, ask })];
  },
};
