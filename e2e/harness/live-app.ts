import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Loop } from './devloop.ts';
import { poll, request } from './http.ts';
import { type LivePod, podOf } from './live-pods.ts';
import { type LiveAppOptions, writeLiveProject } from './live-project.ts';
import { type Scenario, type ScenarioOptions, scenario } from './scenario.ts';

// The fixture is a program without types.
const fixture = new URL('../fixtures/live/files/src/list-files.mjs', import.meta.url).href;
const { listFiles } = (await import(fixture)) as { readonly listFiles: (folder: string) => string[] };

/** A scenario on the one small service of e2e/fixtures/live, which runs when it begins. */
export function liveScenario(
  name: string,
  options: LiveAppOptions,
  body: (app: LiveApp) => Promise<void>,
  where: ScenarioOptions = {},
): void {
  const run = async (given: Scenario) => {
    await writeLiveProject(given.workspace, given.ports.backend, options);
    const loop = given.up();
    await loop.ready(['app']);
    await body(new LiveApp(given, loop, options.folder ?? 'files'));
  };
  scenario(name, run, { ...where, fixture: 'live' });
}

/** The service under way. */
export class LiveApp {
  readonly given: Scenario;
  readonly loop: Loop;
  readonly #folder: string;

  constructor(given: Scenario, loop: Loop, folder: string) {
    this.given = given;
    this.loop = loop;
    this.#folder = folder;
  }

  get url(): string {
    return `http://localhost:${this.given.ports.backend}`;
  }

  /** A file of its folder on this machine. */
  path(file: string): string {
    return this.given.workspace.path(path.join(this.#folder, file));
  }

  /** Saves a file of its folder; gives the place in the stream of events before that. */
  async save(file: string, content: string | Uint8Array): Promise<number> {
    const from = this.loop.mark();
    await mkdir(path.dirname(this.path(file)), { recursive: true });
    await writeFile(this.path(file), content);
    return from;
  }

  /** Waits until the first edit after a mark is live, by devloop's own account, and shows this text. */
  async shows(text: string, from: number): Promise<void> {
    const { edit } = await this.loop.next('edit', () => true, { from });
    await this.loop.next('service.live', (live) => live.edit >= edit, { from });
    // Not polled: an edit that is said to be live has to be in the very next answer.
    assert.equal((await request(this.url)).body.trim(), text);
  }

  /** Saves a text and waits until it is answered with. */
  async saveText(text: string): Promise<void> {
    await this.shows(text, await this.save('src/text.txt', text));
  }

  /** Waits until the program's folder has the same files as this machine's, in the pod that the port leads to. */
  async hasAllFiles(when: string): Promise<void> {
    await poll(`the same files after ${when}`, async () => {
      const { body } = await request(`${this.url}/files`);
      return this.sameFiles(body) ? true : undefined;
    });
  }

  /** The same of each of so many pods. */
  async allHaveAllFiles(count: number, when: string): Promise<LivePod[]> {
    return poll(`${count} pods with the same files after ${when}`, async () => {
      const pods = await this.pods();
      if (pods.length !== count) return undefined;
      for (const pod of pods) if (!this.sameFiles(await pod.get('/files'))) return undefined;
      return pods;
    });
  }

  /** Fails unless these pods run still, and their containers have not been started anew. */
  async stays(pods: readonly LivePod[]): Promise<void> {
    const runs = (all: readonly LivePod[]) => all.map(({ uid, restarts }) => `${uid} ${restarts}`).sort();
    assert.deepEqual(runs(await this.pods()), runs(pods), 'the same pods');
  }

  /** Those that are not on their way out. */
  async pods(): Promise<LivePod[]> {
    const { kubectl } = this.given;
    const pods = await kubectl.list('pods');
    return pods.filter(({ metadata }) => !metadata.deletionTimestamp).map((pod) => podOf(kubectl, pod));
  }

  /** Is that what /files answers with, when the program's folder has the files that this machine's has? */
  sameFiles(answer: string): boolean {
    return answer === JSON.stringify(listFiles(this.path('src')));
  }
}
