import path from 'node:path';
import type { Clock } from '../../model/clock.ts';
import { problemOf } from '../../model/errors.ts';
import { imageReference } from '../../model/operation.ts';
import type { Store } from '../../state/store.ts';
import type { Live, Outside } from '../outside.ts';
import { Overlay } from './overlay.ts';
import { type BundleMemory, bundledFile, makeBundle, prepareUpdate } from './prepare-update.ts';

/** What one service has changed live, and the edits that nobody has looked at yet. */
export class LiveService {
  readonly overlay = new Overlay('', 0);
  readonly #name: string;
  readonly #live: Live;
  readonly #files: Outside['files'];
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #memory: BundleMemory = { sent: new Map() };
  /** The files that the image was built of, absolute; undefined until they are known. */
  #inImage: ReadonlySet<string> | undefined;
  /** Changed files, relative to the root, and the newest edit of each: those of edits that failed stay. */
  readonly #pending = new Map<string, number>();

  constructor(name: string, { live, files }: Pick<Outside, 'live' | 'files'>, clock: Clock, store: Store) {
    this.#name = name;
    this.#live = live;
    this.#files = files;
    this.#clock = clock;
    this.#store = store;
  }

  /** Of a batch that changes other services too, only its own files count; a changed configuration may concern each. */
  add(edit: number, files: readonly string[]): void {
    const image = this.#service?.spec?.image;
    const project = this.#store.getState().project;
    if (!image || !project) return;
    const isOwn = this.#files.imageFiles(image);
    for (const file of files) {
      const absolute = path.resolve(project.root, file);
      if (isOwn(absolute) || project.configInputs.includes(absolute)) this.#pending.set(file, edit);
    }
  }

  /**
   * A first bundle before the first edit, which is then many times faster. The files of its packages can go to the pods
   * ahead, as the program of the image does not know them. Its failure is the build's to report.
   */
  async warmUp(): Promise<void> {
    const bundle = this.#service?.spec?.live?.bundle;
    if (!bundle) return;
    const made = await makeBundle(this.#live, bundle, this.#memory).catch(() => undefined);
    if (!made || !this.#memory.packages) return;
    const ofPackages = [...made].filter(([target]) => !target.startsWith(bundle.to));
    this.overlay.ahead = { packages: this.#memory.packages, changes: ofPackages.map(bundledFile) };
  }

  /** The new image has what was changed before it was built. */
  async onImage(reference: string, edit: number): Promise<void> {
    this.overlay.rebase(reference, edit);
    // Its pods have the image's own bundle: of what comes after, they need every file.
    if (this.overlay.edit > edit) this.overlay.add(this.overlay.edit, [...this.#memory.sent].map(bundledFile), []);
    else this.#memory.sent = new Map();
    for (const [file, at] of this.#pending) if (at <= edit) this.#pending.delete(file);
    const image = this.#service?.spec?.image;
    this.#inImage = undefined;
    const files = image && (await this.#files.contextFiles(image).catch(() => undefined));
    if (files) this.#inImage = new Set(files);
  }

  /** The pods go back to an image. What was changed since is built into the next one. */
  takeBack(reference: string, edit: number): void {
    this.overlay.clear(reference, edit);
    this.#memory.sent = new Map();
  }

  /** Makes out what the pods need for an edit, together with those before it that failed. Reports by events. */
  async prepare(edit: number): Promise<void> {
    const service = this.#service;
    const project = this.#store.getState().project;
    const { spec, image } = service ?? {};
    if (!spec?.live || !image || !project) return;
    const started = this.#clock.now();
    const files = [...this.#pending.keys()].map((name) => path.resolve(project.root, name));
    this.#store.dispatch({ type: 'update.started', service: this.#name, edit });
    try {
      const made = await prepareUpdate(this.#live, spec, spec.live, project.root, files, this.#inImage, this.#memory);
      for (const [file, at] of this.#pending) if (at <= edit) this.#pending.delete(file);
      if (made.kind === 'refused') {
        this.#store.dispatch({ type: 'update.refused', service: this.#name, edit, why: made.why });
        return;
      }
      // The image may have been built anew meanwhile, with this edit or without it, and the configuration changed.
      const now = this.#service?.spec?.live && this.#service.image;
      if (!now || now.edit >= edit) {
        this.#memory.sent = new Map();
        return;
      }
      this.overlay.add(edit, made.changes, files);
      const { packages } = this.#memory;
      this.overlay.ahead = packages === undefined ? undefined : { packages, changes: [] };
      this.#store.dispatch({
        type: 'update.prepared',
        service: this.#name,
        edit,
        image: imageReference(now),
        files: made.changes.length,
        ms: this.#clock.now() - started,
      });
    } catch (error) {
      const problem = problemOf(error, `Edit ${edit} of ${this.#name} cannot be made live`);
      this.#store.dispatch({ type: 'update.failed', service: this.#name, edit, problem });
    }
  }

  get #service() {
    return this.#store.getState().services[this.#name];
  }
}
