import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { poll, request } from '../harness/http.ts';
import { type LiveApp, liveScenario } from '../harness/live-app.ts';
import { Poller } from '../harness/poller.ts';
import { newMarker } from '../harness/tasks-app.ts';

// The program that the step runs leaves a line each time.
const ran = ['node', '-e', "require('node:fs').appendFileSync('src/ran.txt', 'ran\\n')"];
const run = [{ command: ran, when: ['/files/src/schema.sql'] }];

liveScenario('saves in a row, commands, and a file in no step', { live: { run } }, async (app) => {
  const pods = await app.pods();
  await lastSaveWins(app);
  await dropsNoRequest(app);
  await runsCommand(app);
  await app.stays(pods);
  await takesImage(app);
});

async function lastSaveWins(app: LiveApp): Promise<void> {
  const last = newMarker();
  const from = await app.save('src/text.txt', newMarker());
  await sleep(5);
  await app.save('src/text.txt', last);
  await poll(`the app to show ${last}`, async () => ((await text(app)) === last ? true : undefined));
  const newestIsLive = () => livesOfNewest(app, from) > 0;
  await app.loop.until('the newest edit to be live', newestIsLive);
  // Long enough for an older save that was wrongly sent later to come through.
  await sleep(1000);
  assert.equal(await text(app), last);
  assert.equal(livesOfNewest(app, from), 1);
}

/** How often the newest edit was said to be live. */
function livesOfNewest({ loop }: LiveApp, from: number): number {
  const newest = Math.max(...loop.since(from, 'edit').map(({ edit }) => edit));
  return loop.since(from, 'service.live').filter(({ edit }) => edit === newest).length;
}

async function dropsNoRequest(app: LiveApp): Promise<void> {
  const poller = new Poller(app.url);
  try {
    for (let edit = 0; edit < 10; edit += 1) await app.saveText(newMarker());
  } finally {
    await poller.stop();
  }
  assert.deepEqual(poller.failures, [], `of ${poller.requests} requests`);
}

async function runsCommand(app: LiveApp): Promise<void> {
  const lines = async () => (await request(`${app.url}/files`)).body.match(/ran\.txt \d+ \w+/)?.[0];
  assert.equal(await lines(), undefined, 'other files have not run it');
  await app.shows(await text(app), await app.save('src/schema.sql', 'create table tasks'));
  const once = await lines();
  assert.ok(once, 'it has run');
  await app.saveText(newMarker());
  assert.equal(await lines(), once, 'once');
}

/** A file that no step covers makes a new image, and so a new pod. */
async function takesImage(app: LiveApp): Promise<void> {
  const before = await app.pods();
  const from = await app.save('notes.txt', newMarker());
  const { why } = await app.loop.next('update.refused', () => true, { from });
  assert.match(why, /notes\.txt is in no step/);
  await app.shows(await text(app), from);
  assert.equal(app.loop.since(from, 'build.succeeded').length, 1);
  const after = await app.allHaveAllFiles(1, 'a new image');
  assert.notEqual(after[0]?.uid, before[0]?.uid);
  await app.saveText(newMarker());
}

const text = async (app: LiveApp): Promise<string> => (await request(app.url)).body.trim();
