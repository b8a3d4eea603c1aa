import { setTimeout as sleep } from 'node:timers/promises';
import type { SoakWork } from './soak-work.ts';

/** What happens in a run, and how often: out of the sum of all. */
export interface SoakEvent {
  readonly name: string;
  readonly weight: number;
  /** It has no meaning in the sandbox, which has no Dockerfile and no builder. */
  readonly needsDocker?: boolean;
  readonly happen: (work: SoakWork) => Promise<void>;
}

/** Milliseconds that a person needs to see that something is broken, and to mend it. */
const toMend = 3000;

export const soakEvents: readonly SoakEvent[] = [
  { name: 'a synced file', weight: 16, happen: (work) => work.saveText('synced') },
  { name: 'a bundled file', weight: 16, happen: (work) => work.saveText('bundled') },
  { name: 'a file of both', weight: 5, happen: (work) => work.saveShared() },
  {
    name: 'three saves',
    weight: 4,
    happen: async (work) => {
      const service = work.anyService();
      for (let time = 0; time < 2; time += 1) {
        await work.writeText(service);
        await sleep(200);
      }
      await work.saveText(service);
    },
  },
  { name: 'a file that comes and goes', weight: 3, happen: (work) => work.comeAndGo() },
  { name: 'an image', weight: 5, happen: (work) => work.saveImage(work.anyService()) },
  { name: 'a value of the chart', weight: 2, happen: (work) => work.saveNote() },
  { name: 'a program that ends', weight: 2, happen: (work) => work.endProgram(work.anyService()) },
  { name: 'a pod deleted', weight: 2, happen: (work) => work.deletePod(work.anyService()) },
  {
    name: 'a bundle that fails',
    weight: 2,
    happen: async (work) => {
      await work.breakBundle();
      await sleep(toMend);
      await work.saveText('bundled');
    },
  },
  {
    name: 'a program that does not start',
    weight: 1,
    happen: async (work) => {
      const service = work.anyService();
      await work.breakProgram(service);
      await sleep(toMend);
      await work.saveText(service);
    },
  },
  {
    name: 'an image that fails',
    weight: 2,
    needsDocker: true,
    happen: async (work) => {
      const service = work.anyService();
      const mend = await work.breakImage(service);
      await sleep(toMend);
      await mend();
    },
  },
  {
    name: 'an upgrade that fails',
    weight: 2,
    happen: async (work) => {
      await work.breakUpgrade();
      await sleep(toMend);
      await work.saveNote();
    },
  },
];
