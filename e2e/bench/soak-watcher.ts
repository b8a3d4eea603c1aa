// npm run soak:watcher [-- --edits N] [-- --seed S]: the random edits of `npm run soak:files`, one after the other as fast as
// devloop's watcher hears of them, with nothing else around it. It fails when it does not hear of a file.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '../../devloop/src/adapters/clock/system-clock.ts';
import { createFiles } from '../../devloop/src/adapters/files/project-files.ts';
import type { ProjectSpec } from '../../devloop/src/model/project.ts';
import { Random } from './random.ts';
import { SoakEdits } from './soak-edits.ts';

/** Milliseconds for the watcher to hear of an edit, and between two edits at the most. */
const noticed = 5000;
const longestPause = 200;

const options = { edits: { type: 'string', default: '1500' }, seed: { type: 'string', default: '1' } } as const;
const { values } = parseArgs({ options });
const [edits, seed] = [Number(values.edits), Number(values.seed)];
const root = await mkdtemp(path.join(os.tmpdir(), 'devloop-soak-watcher-'));
const end = new AbortController();
try {
  const inRoot = (file: string) => path.join(root, file);
  await mkdir(inRoot('src'));
  await writeFile(inRoot('Dockerfile'), 'FROM scratch');
  await writeFile(inRoot('src/text.txt'), 'first');
  const image = { context: root, dockerfile: inRoot('Dockerfile'), args: {}, repository: 'app' };
  const project: ProjectSpec = {
    ...{ name: 'soak', namespace: 'soak', root, configFile: inRoot('devloop.config.ts'), configInputs: [] },
    services: [{ name: 'app', image, ports: [], release: 'app', active: true }],
    ...{
      releases: [],
      allowContexts: [],
      secretEnv: [],
      parallelBuilds: 1,
      watch: { rest: 15, max: 500 },
      ui: { notify: 'off', mouse: false },
    },
  };
  const heard = new Map<string, number>();
  let number = 0;
  let batches = 0;
  const hear = ({ files }: { readonly files: readonly string[] }) => {
    batches += 1;
    for (const file of files) heard.set(file, number);
  };
  const files = createFiles(systemClock);
  const notice = (_level: string, text: string) => process.stdout.write(`${text}\n`);
  await files.watch(project, { batch: hear, held: () => {}, notice }, end.signal);
  const random = new Random(seed);
  const made = new SoakEdits(inRoot('src'), random);
  let faults = 0;
  while (number < edits) {
    number += 1;
    const { what, touched } = await made.make();
    const unheard = () => touched.filter((file) => heard.get(inRoot(`src/${file}`)) !== number);
    for (const since = performance.now(); unheard().length > 0 && performance.now() - since < noticed; ) await sleep(5);
    if (unheard().length > 0) {
      faults += 1;
      process.stdout.write(`✗ edit ${number}, ${what}: not heard of ${unheard().join(', ')}\n`);
    }
    await sleep(random.below(longestPause));
  }
  process.stdout.write(`${edits} edits, heard of in ${batches} batches; ${faults} were not heard of whole\n`);
  process.exitCode = faults === 0 ? 0 : 1;
} finally {
  end.abort();
  await rm(root, { recursive: true });
}
