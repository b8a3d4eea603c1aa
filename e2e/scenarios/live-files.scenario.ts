import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { chmod, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type LiveApp, liveScenario } from '../harness/live-app.ts';

type Change = (app: LiveApp) => Promise<unknown>;

/** In 50 folders, and so fast that no batch of changes ends meanwhile. */
const saveMany = (folder: string, count: number) => async (app: LiveApp) => {
  for (let index = 0; index < count; index += 1) {
    const file = app.path(`${folder}/${index % 50}/${index}.txt`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${index}`);
  }
};

const changes: Readonly<Record<string, Change>> = {
  'a file was added': (app) => app.save('src/added.txt', 'one'),
  'it was changed': (app) => app.save('src/added.txt', 'two, and longer'),
  'it became empty': (app) => app.save('src/added.txt', ''),
  'it was renamed': (app) => rename(app.path('src/added.txt'), app.path('src/renamed.txt')),
  'it was made executable': (app) => chmod(app.path('src/renamed.txt'), 0o755),
  'it was deleted': (app) => rm(app.path('src/renamed.txt')),
  'a name with spaces and Unicode': (app) => app.save('src/a folder/Grüße, 世界 – é.txt', 'hello'),
  'a symlink was added': (app) => symlink('a folder/Grüße, 世界 – é.txt', app.path('src/link')),
  'the symlink became a folder': async (app) => {
    await rm(app.path('src/link'));
    await app.save('src/link/file.txt', 'a file');
  },
  'the folder became a file': async (app) => {
    await rm(app.path('src/link'), { recursive: true });
    await app.save('src/link', 'a file again');
  },
  '2,000 files came at once': saveMany('src/many', 2000),
  'their folder was deleted': (app) => rm(app.path('src/many'), { recursive: true }),
  'a binary of 20 MB was added': (app) => app.save('src/large.bin', randomBytes(20_000_000)),
};

liveScenario('files of every kind are the same in the container', {}, async (app) => {
  const pods = await app.pods();
  for (const [what, change] of Object.entries(changes)) {
    await change(app);
    await app.hasAllFiles(what);
  }
  await app.stays(pods);
});
