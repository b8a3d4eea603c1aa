/** Where the content of a changed path of the container comes from. */
export type ChangeSource =
  /** `from`: what the sync step copies, the file itself or a folder that it is in. */
  | { readonly file: string; readonly from: string }
  | { readonly content: Uint8Array; readonly mode: number }
  | 'deleted';

export interface OverlayChange {
  /** The path in the container. */
  readonly target: string;
  readonly source: ChangeSource;
}

/**
 * All that has been changed live since an image was built, so that it can be done again in a container that was started
 * from the image. What is on this machine's disk is read when it is sent: the newest content wins.
 */
export class Overlay {
  /** The newest edit in it; that of the image when there is none. */
  edit: number;
  /** repository:tag */
  image: string;
  /** The module in the container that the program's next process may load ahead, and what it takes to be there. */
  ahead: { readonly packages: string; readonly changes: readonly OverlayChange[] } | undefined;
  readonly #changes = new Map<string, { readonly source: ChangeSource; readonly edit: number }>();
  /** The changed files of this machine, and the edit. */
  readonly #files = new Map<string, number>();

  constructor(image: string, edit: number) {
    this.image = image;
    this.edit = edit;
  }

  /** What esbuild made is in it, and takes the place of the image's own program. */
  get isBundled(): boolean {
    return [...this.#changes.values()].some(({ source }) => source !== 'deleted' && 'content' in source);
  }

  add(edit: number, changes: readonly OverlayChange[], files: readonly string[]): void {
    for (const { target, source } of changes) this.#changes.set(target, { source, edit });
    for (const file of files) this.#files.set(file, edit);
    this.edit = edit;
  }

  /** What a container that has an edit still lacks. */
  since(edit: number): { readonly changes: readonly OverlayChange[]; readonly files: readonly string[] } {
    return {
      changes: [...this.#changes]
        .filter(([, one]) => one.edit > edit)
        .map(([target, { source }]) => ({ target, source })),
      files: [...this.#files].filter(([, at]) => at > edit).map(([file]) => file),
    };
  }

  /** Nothing is changed live any more: containers are to run an image as it is, and its edit. */
  clear(image: string, edit: number): void {
    this.image = image;
    this.edit = edit;
    this.#changes.clear();
    this.#files.clear();
  }

  /** A new image has all up to an edit. */
  rebase(image: string, edit: number): void {
    this.image = image;
    this.edit = Math.max(this.edit, edit);
    for (const [target, one] of this.#changes) if (one.edit <= edit) this.#changes.delete(target);
    for (const [file, at] of this.#files) if (at <= edit) this.#files.delete(file);
  }
}
