import assert from 'node:assert/strict';
import { request } from '../harness/http.ts';
import { liveScenario } from '../harness/live-app.ts';
import type { LiveAppOptions } from '../harness/live-project.ts';
import { newMarker } from '../harness/tasks-app.ts';

interface Refused extends LiveAppOptions {
  /** The file that is saved. Default: `src/text.txt`. */
  readonly file?: string;
  /** What devloop has to say of it: the cause, and what to change. */
  readonly says: readonly RegExp[];
}

/** A service that cannot be updated live: devloop says why, and an edit makes a new image all the same. */
function refused(name: string, { file = 'src/text.txt', says, ...options }: Refused): void {
  liveScenario(
    name,
    options,
    async (app) => {
      const { loop, url } = app;
      const text = newMarker();
      const from = await app.save(file, text);
      const { edit } = await loop.next('edit', () => true, { from });
      const built = await loop.next('build.succeeded', () => true, { from });
      assert.equal(built.reused, false);
      await loop.next('service.live', (live) => live.edit >= edit, { from });
      assert.equal((await request(url)).body.trim(), text);
      const events = loop.events.filter(({ type }) => type.startsWith('update.') || type === 'pod.update');
      for (const words of says) assert.match(JSON.stringify(events), words);
    },
    { only: { on: 'cluster', because: 'the sandbox has neither images nor users of its own' } },
  );
}

refused('a read-only root file system', {
  values: { readOnlyRootFilesystem: true },
  says: [/Cannot write \/app\/src\/text\.txt/, /EROFS/, /readOnlyRootFilesystem to false/],
});

refused('files that belong to root', {
  args: { OWNER: '0' },
  says: [/Cannot write \/app\/src\/text\.txt/, /EACCES/, /chown/],
});

refused('a chart that sets the command', {
  values: { command: ['node', 'src/server.mjs'] },
  says: [/the chart sets `command` for container app/, /Leave `command` out/],
});

refused('an image with neither Node nor a shell', {
  folder: 'static',
  file: 'src/index.html',
  says: [/neither Node 18 nor a shell/, /Build on an image with one of them/],
});
