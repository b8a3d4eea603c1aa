import type { ChangedFiles, HeldFiles } from '../../engine/outside.ts';
import type { Clock } from '../../model/clock.ts';
import { type GitWork, gitChangedAt, gitFoldersOf, gitWorkIn } from './git-work.ts';

/** Milliseconds between two looks at git while files are held. */
const lookEvery = 25;
/** Files go on when git has not been seen at work, and no file has changed, for so long: a command may be two. */
const rest = 100;
/** A hold is told of when it lasts longer. */
const tellAfter = 500;
/** A lock with which so long nothing happens is left over, or waits for a user (`git commit -a` with an editor). */
const stuckAfter = 5000;

export interface GitHoldHandlers {
  readonly release: (batch: ChangedFiles) => void;
  /** Undefined when they go on. */
  readonly held: (hold: HeldFiles | undefined) => void;
  /** A lock is not waited for any longer. */
  readonly stuck: (lock: string) => void;
  /** Are changes collected that are not taken yet? */
  readonly isChanging: () => boolean;
  /** Git has finished: looks for changes that were not heard of. */
  readonly lookAgain: () => Promise<void>;
}

/** Keeps changed files while git works on their repository, so that a checkout, rebase or stash is one batch. */
export class GitHold {
  readonly #clock: Clock;
  readonly #handlers: GitHoldHandlers;
  #files = new Set<string>();
  #changedAt = 0;
  /** Git's folders of the files that are held. */
  #gitFolders = new Set<string>();
  #since = 0;
  #activeAt = 0;
  #workedAt = 0;
  #lookedAgain = false;
  #told = 0;
  #lockStamp = '';
  /** Locks that are not waited for. */
  readonly #stuck = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, handlers: GitHoldHandlers) {
    this.#clock = clock;
    this.#handlers = handlers;
  }

  /** A first file has changed, which is taken later: git may have finished then. */
  begin(file: string): void {
    if (this.#cancel) return;
    const gitFolders = gitFoldersOf([file]);
    if (this.#workIn(gitFolders)) this.#start(gitFolders);
  }

  take(batch: ChangedFiles): void {
    const gitFolders = gitFoldersOf(batch.files);
    if (!this.#cancel) {
      if (!this.#workIn(gitFolders) && !isSoonAfterGit(gitFolders, batch)) {
        this.#handlers.release(batch);
        return;
      }
      this.#start(gitFolders);
    }
    if (this.#files.size === 0) this.#changedAt = batch.changedAt;
    for (const file of batch.files) this.#files.add(file);
    for (const folder of gitFolders) this.#gitFolders.add(folder);
    this.#activeAt = this.#clock.now();
  }

  #start(gitFolders: ReadonlySet<string>): void {
    this.#gitFolders = new Set(gitFolders);
    this.#since = this.#workedAt = this.#activeAt = this.#clock.now();
    this.#lookLater();
  }

  /** Lets go on what is held, at the end. */
  flush(): void {
    this.#cancel?.();
    this.#release();
  }

  #look(): void {
    const now = this.#clock.now();
    const work = this.#workIn(this.#gitFolders);
    if (work) {
      this.#workedAt = now;
      this.#lookedAgain = false;
      if (work.lock) this.#noticeStuck(work.lock, now);
    }
    if (this.#handlers.isChanging()) this.#activeAt = now;
    const isOver = now - Math.max(this.#workedAt, this.#activeAt) >= rest;
    if (isOver && this.#lookedAgain) this.#release();
    else if (isOver) void this.#lookAgain();
    else {
      this.#tell(work?.why ?? 'it has just finished', now);
      this.#lookLater();
    }
  }

  async #lookAgain(): Promise<void> {
    this.#lookedAgain = true;
    await this.#handlers.lookAgain();
    if (this.#cancel) this.#look();
  }

  #noticeStuck(lock: NonNullable<GitWork['lock']>, now: number): void {
    if (lock.stamp !== this.#lockStamp) this.#activeAt = now;
    this.#lockStamp = lock.stamp;
    if (now - this.#activeAt < stuckAfter) return;
    this.#stuck.add(lock.stamp);
    this.#handlers.stuck(lock.file);
  }

  #workIn(gitFolders: Iterable<string>): GitWork | undefined {
    for (const folder of gitFolders) {
      const work = gitWorkIn(folder);
      if (work && !(work.lock && this.#stuck.has(work.lock.stamp))) return work;
    }
    return undefined;
  }

  #tell(why: string, now: number): void {
    if (now - this.#since < tellAfter || this.#told === this.#files.size) return;
    this.#told = this.#files.size;
    this.#handlers.held({ files: this.#told, why });
  }

  #lookLater(): void {
    this.#cancel = this.#clock.after(lookEvery, () => this.#look());
  }

  #release(): void {
    const batch = { files: [...this.#files], changedAt: this.#changedAt };
    if (this.#told > 0) this.#handlers.held(undefined);
    this.#told = 0;
    this.#cancel = undefined;
    this.#lookedAgain = false;
    this.#files = new Set();
    this.#gitFolders = new Set();
    if (batch.files.length > 0) this.#handlers.release(batch);
  }
}

/**
 * Has git finished only just, so that more of what it did may be on its way? Of one file nothing more comes: a save is
 * not put off where the prompt or the editor asks for git's status all the time.
 */
const isSoonAfterGit = (gitFolders: ReadonlySet<string>, { files, changedAt }: ChangedFiles): boolean =>
  files.length > 1 && [...gitFolders].some((folder) => gitChangedAt(folder) > changedAt - rest);
