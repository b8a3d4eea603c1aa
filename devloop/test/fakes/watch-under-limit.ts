// For watch-limit.test.ts: FOLDER LIMIT-FILE. A process of its own, as the limit is that of its user namespace.
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createFiles } from '../../src/adapters/files/project-files.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { ProjectSpec } from '../../src/model/project.ts';
import { sampleProject, sampleService } from '../support/sample.ts';

/** It is asked for room every 15 s: here ten times as often, as all times are a tenth. */
const factor = 10;
const clock: Clock = {
  now: () => systemClock.now() * factor,
  after: (ms, callback) => systemClock.after(ms / factor, callback),
  sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
};
const [root = '', limitFile = ''] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);
const image = { context: root, dockerfile: `${root}/Dockerfile`, args: {}, repository: 'web' };
const services = [{ ...sampleService('web', 4000), image }];
const project: ProjectSpec = { ...sampleProject([]), root, configInputs: [], services, releases: [] };
const files = createFiles(clock);
const heard = new Set<string>();
let notices = 0;
const end = new AbortController();
await files.watch(
  project,
  {
    batch: async (batch) => {
      for (const file of (await files.takeChanged(batch.files)).changed) heard.add(file);
    },
    held: () => {},
    notice: (_, text) => {
      notices += 1;
      say(text);
    },
  },
  end.signal,
);

const wait = async (holds: () => boolean) => {
  for (let left = 2500; left > 0 && !holds(); left -= 1) await sleep(10);
};
async function save(what: string, names: readonly string[], text: string): Promise<void> {
  heard.clear();
  for (const name of names) writeFileSync(`${root}/${name}`, text);
  await wait(() => heard.size === names.length);
  say(`${what} ${heard.size} of ${names.length}`);
}
const all = Array.from({ length: 20 }, (_, number) => `d${number}/file`);
await save('saved', all, 'second');
mkdirSync(`${root}/new/deep`, { recursive: true });
await save('made', ['new/deep/file'], '1');
writeFileSync(limitFile, '1000');
await wait(() => notices === 2);
await save('saved again', all, 'third');
end.abort();
