import { rm } from 'node:fs/promises';
import type { Random } from '../bench/random.ts';
import type { JsonEvent, Loop } from '../harness/devloop.ts';
import { podOf } from '../harness/live-pods.ts';
import type { Stage } from '../harness/stage.ts';
import type { SoakAnswers } from './soak-answers.ts';
import { type SoakService, soakServices } from './soak-project.ts';

/** Milliseconds for devloop to hear of a save, and for it to be live or told to have failed. */
const noticed = 20_000;
const patience = 120_000;

/** A save whose files devloop has to hear of: paths relative to the project. */
interface Save {
  readonly files: readonly string[];
  /** Where the stream of events was before it. */
  readonly from: number;
}

/** What a person does to the project, each to its end: heard of and live, or told to have failed. */
export class SoakWork {
  /** From the save to the first answer, milliseconds, by what was edited. */
  readonly times = new Map<string, number[]>();
  /** Programs that were made to exit, each with a request that may have been under way. */
  ended = 0;
  saves = 0;
  readonly #stage: Stage;
  readonly #loop: Loop;
  readonly #answers: SoakAnswers;
  readonly #random: Random;
  #number = 0;

  constructor(stage: Stage, loop: Loop, answers: SoakAnswers, random: Random) {
    this.#stage = stage;
    this.#loop = loop;
    this.#answers = answers;
    this.#random = random;
  }

  anyService(): SoakService {
    return this.#random.pick(soakServices) ?? 'synced';
  }

  /** A new text of a service, not waited for. */
  async writeText(service: SoakService): Promise<Save> {
    const text = `text ${this.#next()};`;
    this.#answers.expect(service, { text });
    return this.#write(textFile(service), textOf(service, text));
  }

  async saveText(service: SoakService): Promise<void> {
    await this.#timed(service, [service], () => this.writeText(service));
  }

  /** A file that is part of both services. */
  async saveShared(): Promise<void> {
    await this.#timed('both', soakServices, async () => {
      const shared = `shared ${this.#next()};`;
      for (const service of soakServices) this.#answers.expect(service, { shared });
      const before = await this.#stage.workspace.read('app/shared/serve.mjs');
      return this.#write('app/shared/serve.mjs', before.replace(/shared \d+;/, shared));
    });
  }

  async saveImage(service: SoakService): Promise<void> {
    await this.#timed('image', [service], () => this.#writeImage(service));
  }

  /** A value of the chart: every pod is replaced. It also mends an upgrade. */
  async saveNote(): Promise<void> {
    await this.#timed('chart', soakServices, () => {
      const note = `note ${this.#next()};`;
      for (const service of soakServices) this.#answers.expect(service, { note });
      return this.#write('own-values.json', JSON.stringify({ note }));
    });
  }

  /** A file that no program reads is made, and removed again. */
  async comeAndGo(): Promise<void> {
    const file = `app/synced/src/extra-${this.#next()}.txt`;
    await this.#heard(await this.#write(file, 'extra'));
    const from = this.#loop.mark();
    this.saves += 1;
    await rm(this.#stage.workspace.path(file));
    await this.#heard({ files: [file], from });
    await this.#answers.live(['synced'], patience);
  }

  async endProgram(service: SoakService): Promise<void> {
    const pods = await this.#pods(service);
    // The kubelet lets one that ends again and again wait, longer than connections are held.
    if (pods.some(({ restarts }) => restarts > 0)) return this.deletePod(service);
    this.ended += 1;
    await this.#answers.endProgram(service);
    await this.#answers.live([service], patience);
  }

  async deletePod(service: SoakService): Promise<void> {
    for (const pod of await this.#pods(service)) await pod.delete();
    await this.#answers.live([service], patience);
  }

  async breakBundle(): Promise<void> {
    const save = await this.#write(textFile('bundled'), 'export const text = ;\n');
    await this.#told(save, ({ type }) => type === 'update.failed');
    await this.#answers.live(['bundled'], patience);
  }

  /** A program that ends as soon as it starts; the next save mends it. */
  async breakProgram(service: SoakService): Promise<void> {
    await this.#heard(await this.#write(textFile(service), textOf(service, 'broken')));
  }

  /** @returns what mends it */
  async breakImage(service: SoakService): Promise<() => Promise<void>> {
    const file = `app/${service}.Dockerfile`;
    const before = await this.#stage.workspace.read(file);
    const save = await this.#write(file, `${before}RUN false\n`);
    await this.#told(save, (event) => event.type === 'build.failed' && event.service === service);
    await this.#answers.live([service], patience);
    return async () => {
      await this.#write(file, before);
      await this.saveImage(service);
    };
  }

  /** Replicas that are no number: helm is refused. */
  async breakUpgrade(): Promise<void> {
    const save = await this.#write('own-values.json', JSON.stringify({ replicas: `no number ${this.#next()}` }));
    await this.#told(save, ({ type }) => type === 'deploy.failed');
    await this.#answers.live(soakServices, patience);
  }

  /** Makes an edit, waits until devloop has heard of it and all of it is live, and keeps how long that took. */
  async #timed(what: string, services: readonly SoakService[], edit: () => Promise<Save>): Promise<void> {
    const since = performance.now();
    const save = await edit();
    await Promise.all([this.#answers.live(services, patience), this.#heard(save)]);
    this.times.set(what, [...(this.times.get(what) ?? []), performance.now() - since]);
  }

  async #writeImage(service: SoakService): Promise<Save> {
    const image = `image ${this.#next()};`;
    this.#answers.expect(service, { image });
    return this.#write(`app/${service}/image.txt`, image);
  }

  async #write(file: string, text: string): Promise<Save> {
    const from = this.#loop.mark();
    this.saves += 1;
    await this.#stage.workspace.write(file, text);
    return { files: [file], from };
  }

  /** Waits until devloop has told of the files. */
  async #heard({ files, from }: Save): Promise<void> {
    const unheard = () => {
      const heard = new Set(this.#loop.since(from, 'edit').flatMap((edit) => edit.files));
      return files.filter((file) => !heard.has(file));
    };
    await this.#loop.until(`edit of ${files.join(', ')}`, () => unheard().length === 0, noticed);
  }

  async #told(save: Save, isIt: (event: JsonEvent) => boolean): Promise<void> {
    await this.#heard(save);
    await this.#loop.until('failure', () => this.#loop.events.slice(save.from).some(isIt), patience);
  }

  async #pods(service: SoakService): Promise<ReturnType<typeof podOf>[]> {
    const { kubectl } = this.#stage;
    const pods = await kubectl.list('pods');
    const own = pods.filter(({ metadata }) => metadata.labels?.app === service && !metadata.deletionTimestamp);
    return own.map((pod) => podOf(kubectl, pod));
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

const textFile = (service: SoakService): string =>
  service === 'synced' ? 'app/synced/src/text.txt' : 'app/bundled/src/text.mjs';

const textOf = (service: SoakService, text: string): string =>
  service === 'synced' ? text : `export const text = '${text}';\n`;
