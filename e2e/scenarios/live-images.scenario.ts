import assert from 'node:assert/strict';
import { chmod, rm } from 'node:fs/promises';
import { liveScenario } from '../harness/live-app.ts';
import type { ScenarioOptions } from '../harness/scenario.ts';
import { newMarker } from '../harness/tasks-app.ts';

const where: ScenarioOptions = { only: { on: 'cluster', because: 'the sandbox has no images' } };

liveScenario(
  'an image with a shell and no Node',
  { folder: 'shell' },
  async (app) => {
    const pods = await app.pods();
    await app.saveText(newMarker());
    await app.save('src/a folder/Grüße.txt', 'hello');
    await chmod(app.path('src/serve.sh'), 0o755);
    await app.saveText(newMarker());
    const inside = (command: string) => app.given.kubectl.run('exec', pods[0]?.name ?? '', '--', 'sh', '-c', command);
    assert.equal(await inside('cat "src/a folder/Grüße.txt"; test -x src/serve.sh && echo " it is"'), 'hello it is\n');
    await rm(app.path('src/a folder'), { recursive: true });
    await app.saveText(newMarker());
    assert.deepEqual((await inside('ls src')).split('\n'), ['serve.sh', 'text.txt', '']);
    await app.stays(pods);
  },
  where,
);

liveScenario(
  'an image with Node and no shell',
  { dockerfile: 'node-only.Dockerfile' },
  async (app) => {
    const pods = await app.pods();
    const [pod] = pods;
    assert.match(await app.given.kubectl.try('exec', pod?.name ?? '', '--', 'sh', '-c', 'true'), /not found|no such/i);
    await app.saveText(newMarker());
    await app.save('src/added.txt', 'one');
    await app.hasAllFiles('a file was added');
    await app.stays(pods);
  },
  where,
);
