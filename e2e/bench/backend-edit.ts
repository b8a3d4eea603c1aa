import type { Loop } from '../harness/devloop.ts';
import { Poller } from '../harness/poller.ts';
import type { Stage } from '../harness/stage.ts';
import { markBackend, useImageBuilds } from '../harness/tasks-app.ts';
import { type Edits, measureEdits } from './measure-edits.ts';
import type { Measured, Measurement } from './measurement.ts';

const services = ['backend', 'frontend'];

/** The sample's backend, which is bundled. */
export const backendEdit: Measurement = {
  services,
  prepare: async (stage) => (loop) => measureBackend(loop, stage, { title: 'bundled backend' }),
};

/** The same without live updates. */
export const imageRebuild: Measurement = {
  services,
  prepare: async (stage) => {
    await useImageBuilds(stage.workspace);
    // So that the pod which the last one replaced is gone.
    const pause = 3000;
    return (loop) => measureBackend(loop, stage, { title: 'backend by image rebuild', pause });
  },
};

async function measureBackend(
  loop: Loop,
  { workspace, ports }: Stage,
  how: Pick<Edits, 'title' | 'pause'>,
): Promise<Measured[]> {
  const ask = () => new Poller(`http://127.0.0.1:${ports.backend}/api/info`);
  const save = (marker: string) => markBackend(workspace, marker);
  return [await measureEdits(loop, { ...how, services: ['backend'], save, ask })];
}
