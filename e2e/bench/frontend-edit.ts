import { withPage } from '../harness/browser.ts';
import { markFrontend } from '../harness/tasks-app.ts';
import { measureEdits } from './measure-edits.ts';
import type { Measurement } from './measurement.ts';
import { OpenPage } from './open-page.ts';

/** The sample's frontend in `next dev`, open in a browser. */
export const frontendEdit: Measurement = {
  // There a small server stands for Next.js.
  clusterOnly: true,
  services: ['backend', 'frontend'],
  prepare:
    async ({ workspace, ports }) =>
    (loop) =>
      withPage(`http://localhost:${ports.frontend}`, async (page) => {
        await page.getByRole('heading', { name: 'Tasks' }).waitFor();
        const open = await OpenPage.watch(page);
        const save = (marker: string) => markFrontend(workspace, marker);
        const ask = () => open.begin();
        return [await measureEdits(loop, { title: 'frontend, in a page', services: ['frontend'], save, ask })];
      }),
};
