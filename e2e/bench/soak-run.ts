import { run } from '../harness/command.ts';
import type { Loop } from '../harness/devloop.ts';
import { poll, request } from '../harness/http.ts';
import { podOf } from '../harness/live-pods.ts';
import { cli } from '../harness/paths.ts';
import { Poller } from '../harness/poller.ts';
import type { Stage } from '../harness/stage.ts';
import { Random } from './random.ts';
import { type MadeEdit, SoakEdits } from './soak-edits.ts';
import { type Sample, takeSample } from './soak-samples.ts';

// The fixture is a program without types.
const fixture = new URL('../fixtures/live/files/src/list-files.mjs', import.meta.url).href;
const { listFiles } = (await import(fixture)) as { readonly listFiles: (folder: string) => string[] };

/** Milliseconds for devloop to hear of an edit, and for it to be live. */
const noticed = 20_000;
const patience = 120_000;
/** Edits from check to check, and from one disruption to the next. */
const checkEvery = 200;
const disruptEvery = 100;
const samplesInAll = 60;
/** After so many faults there is nothing more to learn. */
const mostFaults = 10;

/** A run of random edits of the fixture's one service, while it is asked all the time. */
export class SoakRun {
  readonly faults: string[] = [];
  readonly samples: Sample[] = [];
  /** From the save to the first answer, milliseconds, of edits that nothing disrupted. */
  readonly times: number[] = [];
  readonly disruptions: string[] = [];
  /** What the edits did. */
  readonly made: string[] = [];
  /** Requests that failed while a pod was replaced or a container started again. */
  excused = 0;
  readonly poller: Poller;
  readonly #stage: Stage;
  readonly #loop: Loop;
  readonly #inSandbox: boolean;
  readonly #random: Random;
  readonly #edits: SoakEdits;
  readonly #url: string;

  constructor(stage: Stage, loop: Loop, seed: number, inSandbox: boolean) {
    this.#stage = stage;
    this.#loop = loop;
    this.#inSandbox = inSandbox;
    this.#random = new Random(seed);
    this.#edits = new SoakEdits(this.#folder, this.#random);
    this.#url = `http://127.0.0.1:${stage.ports.backend}`;
    this.poller = new Poller(this.#url, 25);
  }

  async make(count: number): Promise<void> {
    try {
      while (this.made.length < count && this.faults.length < mostFaults) {
        const number = this.made.length + 1;
        if (number % disruptEvery === 0) await this.#disrupted(() => this.#edit());
        else this.times.push(...(await this.#edit()));
        if (number % Math.ceil(count / samplesInAll) === 0) {
          const sample = await takeSample(this.#stage, this.#inSandbox);
          if (sample) this.samples.push(sample);
        }
        if (number % checkEvery === 0 || number === count) {
          await this.#check();
          process.stdout.write(`${number} edits, ${this.faults.length} faults\n`);
        }
      }
    } finally {
      await this.poller.stop();
    }
  }

  /** @returns how long it took; nothing when it went wrong */
  async #edit(): Promise<number[]> {
    const from = this.#loop.mark();
    const edit = await this.#edits.make();
    this.made.push(edit.what);
    try {
      const ms = await this.#live(edit, from);
      // Not polled: an edit that is said to be live has to be in the very next answer.
      await this.#hasMarker();
      return [ms];
    } catch (error) {
      this.#fault(error, `${edit.what} (${edit.touched.join(', ')})`);
      return [];
    }
  }

  /** Waits until all that an edit has touched is live: it may come in parts. */
  async #live({ touched, what }: MadeEdit, from: number): Promise<number> {
    const edits = () => this.#loop.since(from, 'edit');
    const unheard = () => {
      const heard = new Set(edits().flatMap(({ files }) => files));
      return touched.filter((file) => !heard.has(`files/src/${file}`));
    };
    try {
      await this.#loop.until('edit of all its files', () => unheard().length === 0, noticed);
    } catch (error) {
      throw new Error(`not heard of ${unheard().join(', ')}`, { cause: error });
    }
    for (;;) {
      const newest = Math.max(...edits().map(({ edit }) => edit));
      const { ms } = await this.#loop.next('service.live', ({ edit }) => edit >= newest, { from, timeout: patience });
      if (what !== 'two saves' || (await this.#answer()) === this.#edits.marker) return ms.total;
      // The second save was in no batch yet when the first was live.
      const isNewer = () => edits().some(({ edit }) => edit > newest);
      await this.#loop.until('edit of the second save', isNewer, noticed);
    }
  }

  async #disrupted(work: () => Promise<unknown>): Promise<void> {
    const before = this.poller.failures.length;
    const { kubectl } = this.#stage;
    const objects = await kubectl.list('pods');
    const pod = objects.find(({ metadata }) => !metadata.deletionTimestamp);
    const isKilled = this.disruptions.length % 2 === 1;
    this.disruptions.push(isKilled ? 'program ended' : 'pod deleted');
    if (isKilled) await request(`${this.#url}/exit`).catch(() => undefined);
    else if (pod) await podOf(kubectl, pod).delete();
    // An edit comes in the midst of it, or after.
    if (this.#random.below(2) === 0) await poll('the app to be back', () => this.#hasMarker());
    await work();
    // The request that was under way meanwhile has been answered when the next but one is asked.
    const { requests } = this.poller;
    await poll('two requests', async () => (this.poller.requests > requests + 1 ? true : undefined), { interval: 20 });
    this.excused += this.poller.failures.length - before;
  }

  /** The container has the files that this machine has: by devloop's own account, and by the program's. */
  async #check(): Promise<void> {
    const { workspace, kubectl, env } = this.#stage;
    const args = [cli, 'verify', 'app', '--namespace', kubectl.namespace];
    const { code, stdout, stderr } = await run(process.execPath, args, { cwd: workspace.folder, env });
    if (code !== 0) this.#fault(new Error(`exit code ${code}: ${stdout}${stderr}`), 'devloop verify');
    const here = listFiles(this.#folder);
    const { body } = await request(`${this.#url}/files`);
    if (body === JSON.stringify(here)) return;
    const there: string[] = body.startsWith('[') ? JSON.parse(body) : [body];
    const lacks = here.filter((file) => !there.includes(file)).map((file) => `- ${file}`);
    const others = there.filter((file) => !here.includes(file)).map((file) => `+ ${file}`);
    this.#fault(new Error([...lacks, ...others].slice(0, 10).join('\n')), 'the files of the pod');
  }

  async #hasMarker(): Promise<true> {
    const body = await this.#answer();
    if (body !== this.#edits.marker) throw new Error(`it answers ${body} and not ${this.#edits.marker}`);
    return true;
  }

  async #answer(): Promise<string> {
    return (await request(this.#url)).body.trim();
  }

  #fault(error: unknown, what: string): void {
    // What devloop said last is shown once, at the end.
    const text = (error instanceof Error ? error.message : String(error)).split('\n{')[0];
    const fault = `after ${this.made.length} edits, ${what}: ${text}`;
    this.faults.push(fault);
    process.stdout.write(`✗ ${fault}\n`);
  }

  get #folder(): string {
    return this.#stage.workspace.path('files/src');
  }
}
