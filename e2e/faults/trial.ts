import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { output } from '../harness/command.ts';
import { Loop } from '../harness/devloop.ts';
import type { Kubectl } from '../harness/kubectl.ts';
import { Poller } from '../harness/poller.ts';
import { ProcessMark } from '../harness/processes.ts';
import type { Stage } from '../harness/stage.ts';
import { ClusterPart, type PartName } from './cluster-part.ts';
import { ContainerLogs } from './container-logs.ts';

/** Milliseconds from request to request, and from edit to edit. */
const requestBeat = 20;
const editBeat = 1000;
/** Longer than devloop holds a connection: whether a request fails is its decision. */
const requestPatience = 35_000;

/** Files of the project: one that is synced, and one that a change of takes a new image. */
const text = 'numbered/src/text.txt';
const imageText = 'numbered/image.txt';

/** How a devloop under trial is started. */
export interface TrialStart {
  readonly env?: NodeJS.ProcessEnv;
  /** A program with its arguments that becomes devloop. */
  readonly through?: readonly string[];
}

/** The folder of the cluster of a stage. */
export function homeOf({ env }: Stage): string {
  if (env.DEVLOOP_CLUSTER_HOME !== undefined) return env.DEVLOOP_CLUSTER_HOME;
  throw new Error("The faults are of the parts of the repository's own cluster: there is none.");
}

/** A loop under way on the fixture's one service, which is asked and edited all the time. */
export class Trial {
  readonly loops: Loop[] = [];
  readonly logs: ContainerLogs;
  readonly mark = new ProcessMark();
  readonly workspace: Stage['workspace'];
  readonly kubectl: Kubectl;
  readonly env: NodeJS.ProcessEnv;
  readonly url: string;
  /** A copy that only devloop reads. */
  readonly kubeconfig: string;
  edits = 0;
  #image = '';
  readonly #ownKubeconfig: string;
  readonly #home: string;
  readonly #temporary: string;
  readonly #start: TrialStart;
  readonly #oldLines = new Map<Loop, ReadonlySet<string>>();
  #poller: Poller | undefined;
  #editing: NodeJS.Timeout | undefined;

  private constructor({ workspace, kubectl, env, ports }: Stage, start: TrialStart, home: string, temporary: string) {
    this.workspace = workspace;
    this.kubectl = kubectl;
    this.#ownKubeconfig = env.KUBECONFIG ?? '';
    this.#home = home;
    this.#temporary = temporary;
    this.#start = start;
    const own = { TMPDIR: temporary, KUBECONFIG: workspace.path('kubeconfig') };
    this.env = { ...env, ...start.env, ...this.mark.env, ...own };
    this.kubeconfig = workspace.path('kubeconfig');
    this.url = `http://127.0.0.1:${ports.backend}`;
    this.logs = new ContainerLogs(path.join(home, 'state/docker'), kubectl.namespace);
  }

  /** Starts devloop on a stage and waits until all is well. */
  static async start(stage: Stage, start: TrialStart = {}): Promise<Trial> {
    const trial = new Trial(stage, start, homeOf(stage), await mkdtemp(path.join(os.tmpdir(), 'devloop-faults-')));
    try {
      await trial.replaceKubeconfig();
      await trial.editImage();
      await trial.up().ready(['app']);
    } catch (error) {
      await trial.close();
      throw error;
    }
    trial.#poller = new Poller(trial.url, requestBeat, requestPatience);
    return trial;
  }

  get poller(): Poller {
    if (!this.#poller) throw new Error('Nothing is asked yet');
    return this.#poller;
  }

  /** The newest devloop. */
  get loop(): Loop {
    const loop = this.loops.at(-1);
    if (!loop) throw new Error('No devloop was started');
    return loop;
  }

  /** Starts `devloop up`, a first or a next one. */
  up(): Loop {
    const old = new Set(this.logs.lines().map(([first = '']) => first));
    const args = ['--namespace', this.kubectl.namespace];
    const { through = [] } = this.#start;
    const loop = new Loop(args, { cwd: this.workspace.folder, env: this.env, through });
    this.#oldLines.set(loop, old);
    this.loops.push(loop);
    return loop;
  }

  /** The first lines of the containers that were there before a loop began. */
  oldLines(loop: Loop): ReadonlySet<string> {
    return this.#oldLines.get(loop) ?? new Set();
  }

  part(name: PartName): ClusterPart {
    return new ClusterPart(name, this.#home);
  }

  /** What the program answers when the last edit of its files and the last of its image are live. */
  get marker(): string {
    return `edit ${this.edits}; ${this.#image}`;
  }

  async edit(): Promise<void> {
    this.edits += 1;
    await this.workspace.write(text, `edit ${this.edits};`);
  }

  /** An edit that takes a new image. */
  async editImage(): Promise<void> {
    this.#image = `image ${randomUUID()}`;
    await this.workspace.write(imageText, this.#image);
  }

  startEdits(): void {
    this.#editing ??= setInterval(() => void this.edit(), editBeat);
  }

  stopEdits(): void {
    clearInterval(this.#editing);
    this.#editing = undefined;
  }

  /** Runs docker on the cluster's daemon. */
  docker(...args: string[]): Promise<string> {
    return output('docker', ['-H', `unix://${this.#home}/state/docker.sock`, ...args]);
  }

  /** Ids of the containers of the fixture's service that run, newest first. */
  async containers(): Promise<string[]> {
    const filters = [
      `label=io.kubernetes.pod.namespace=${this.kubectl.namespace}`,
      'label=io.kubernetes.container.name=app',
    ];
    const args = filters.flatMap((filter) => ['--filter', filter]);
    return (await this.docker('ps', '--quiet', '--no-trunc', ...args)).split('\n').filter((id) => id !== '');
  }

  /** The name of the newest pod. */
  async pod(): Promise<string> {
    const pods = (await this.kubectl.list('pods')).filter(({ metadata }) => !metadata.deletionTimestamp);
    const pod = pods.at(-1);
    if (!pod) throw new Error('There is no pod');
    return pod.metadata.name;
  }

  /** The names of devloop's images, untagged ones too. */
  async images(): Promise<string[]> {
    const args = ['image', 'ls', '--filter', 'label=dev.devloop.image=true', '--format', '{{.ID}} {{.Tag}}'];
    return (await this.docker(...args)).split('\n').filter((line) => line !== '');
  }

  /** The process of a command that devloop has started. */
  async process(command: string): Promise<number> {
    const row = (await this.mark.processes()).find((one) =>
      one
        .trim()
        .split(/[\s/]+/)
        .includes(command),
    );
    if (row === undefined) throw new Error(`devloop has no ${command} under way`);
    return Number(row.trim().split(' ')[0]);
  }

  /** Gives devloop a new copy of its kubeconfig, as a tool that writes one does. */
  async replaceKubeconfig(): Promise<void> {
    await copyFile(this.#ownKubeconfig, `${this.kubeconfig}.new`);
    await rename(`${this.kubeconfig}.new`, this.kubeconfig);
  }

  hideKubeconfig(): Promise<void> {
    return rename(this.kubeconfig, `${this.kubeconfig}.hidden`);
  }

  /** Where dockerd puts together what it keeps of a new layer. */
  get layerFolder(): string {
    return path.join(this.#home, 'state/docker/image/overlay2/layerdb/tmp');
  }

  get stateFolder(): string {
    return this.workspace.path('.devloop');
  }

  /** Where devloop writes, besides the cluster. */
  get writtenFolders(): readonly string[] {
    return [this.#temporary, this.stateFolder];
  }

  /** Files that were left where temporary ones go; the user's folder for holds stays there, empty. */
  async temporaryFiles(): Promise<string[]> {
    const entries = await readdir(this.#temporary, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  }

  /** Ends what is under way; the stage stays. */
  async close(): Promise<void> {
    this.stopEdits();
    for (const loop of this.loops) {
      // One that is frozen hears no other signal.
      if (!loop.hasEnded) loop.signal('SIGCONT');
      await loop.stop();
    }
    await this.#poller?.stop();
    this.logs.close();
    await rm(this.#temporary, { recursive: true, force: true });
  }

  /** Keeps a file of evidence. */
  async keepEvents(file: string): Promise<void> {
    const events = this.loops.flatMap((loop) => [...loop.events.map((event) => JSON.stringify(event)), loop.stderr]);
    await writeFile(file, events.join('\n'));
  }
}
