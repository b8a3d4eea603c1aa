import assert from 'node:assert/strict';
import { poll } from '../harness/http.ts';
import { type LiveApp, liveScenario } from '../harness/live-app.ts';
import { newMarker } from '../harness/tasks-app.ts';

const replicas = 3;

liveScenario(
  'replicas, of which one is deleted and one crashes during a sync',
  { values: { replicas } },
  async (app) => {
    const pods = await app.allHaveAllFiles(replicas, 'the start');
    await showsInAll(app);
    await app.stays(pods);

    await saveUntilSent(app);
    const [deleted, crashed] = pods;
    await deleted?.delete();
    const after = await app.allHaveAllFiles(replicas, 'a pod was deleted');
    assert.ok(!after.some(({ uid }) => uid === deleted?.uid));

    const from = app.loop.mark();
    await saveUntilSent(app);
    // It may just be starting, and not listen.
    const exit = async () => (/refused/.test((await crashed?.get('/exit')) ?? '') ? undefined : true);
    await poll('the program to exit', exit);
    await app.loop.next('container.crashed', ({ uid }) => uid === crashed?.uid, { from });
    await app.allHaveAllFiles(replicas, 'a container crashed');
    await showsInAll(app);
  },
);

async function showsInAll(app: LiveApp): Promise<void> {
  const text = newMarker();
  await app.save('src/text.txt', text);
  await poll(`every pod to show ${text}`, async () => {
    const shown = await Promise.all((await app.pods()).map((pod) => pod.get('/')));
    return shown.length === replicas && shown.every((one) => one === text) ? true : undefined;
  });
}

/** Saves a few megabytes in 500 files, and comes back when they are on their way. */
async function saveUntilSent(app: LiveApp): Promise<void> {
  const from = app.loop.mark();
  const batch = newMarker();
  for (let index = 0; index < 500; index += 1) await app.save(`src/${batch}/${index}.txt`, `${index}\n`.repeat(2000));
  await app.loop.next('pod.update', ({ update }) => update.status === 'updating', { from });
}
