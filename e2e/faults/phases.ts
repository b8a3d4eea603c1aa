import type { Loop } from '../harness/devloop.ts';
import type { Trial } from './trial.ts';

/** Wait for the beginning of a phase of the loop. */
export const phases = {
  'a live update': (trial: Trial) => trial.loop.next('update.started', () => true, { from: trial.loop.mark() }),
  'a build': (trial: Trial) => withNewImage(trial, (loop, from) => loop.next('build.started', () => true, { from })),
  'a helm upgrade': (trial: Trial) =>
    withNewImage(trial, (loop, from) => loop.next('deploy.started', () => true, { from })),
};

async function withNewImage(trial: Trial, next: (loop: Loop, from: number) => Promise<unknown>): Promise<void> {
  const from = trial.loop.mark();
  await trial.editImage();
  await next(trial.loop, from);
}
