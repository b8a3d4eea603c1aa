import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { LocalImage } from '../../images/local-image.ts';
import { timestamp } from '../../store/object-store.ts';
import type { Container } from '../../store/objects.ts';
import { ConfigError } from '../env/container-env.ts';
import type { ContainerLog } from '../logs/container-log.ts';
import type { PodContext } from '../node-context.ts';
import { StartError } from '../processes/find-program.ts';
import { type ContainerRecord, newRecord, type Terminated } from './container-record.ts';
import { ContainerRun } from './container-run.ts';
import { ensureImage } from './ensure-image.ts';
import { type PreparedCommand, prepareCommand } from './prepare-command.ts';
import { goDuration, RestartBackoff } from './restart-backoff.ts';

/** The kubelet tries again so long after a pod could not be brought into its state. Milliseconds. */
const retryAfter = 10_000;
/** So long a failed pull shows its own reason before the one of the back-off. Milliseconds. */
const pullErrorShown = 1000;

/** One container of a pod, over all its runs. */
export class ContainerWorker {
  readonly record: ContainerRecord;
  run: ContainerRun | undefined;
  readonly #of: PodContext;
  readonly #init: boolean;
  readonly #fieldPath: string;
  readonly #backoff = new RestartBackoff();
  readonly #pullBackoff = new RestartBackoff();
  readonly #faultBackoff = new RestartBackoff();
  readonly #logs = new Map<string, ContainerLog>();
  /** Aborts what waits when the definition changes. */
  #wake = new AbortController();
  #image = '';
  #runs = 0;

  constructor(of: PodContext, container: Container, init: boolean, waiting: string, restartCount: number) {
    this.#of = of;
    this.#init = init;
    this.#fieldPath = `spec.${init ? 'initContainers' : 'containers'}{${container.name}}`;
    this.record = newRecord(container, waiting, restartCount);
  }

  /** The container's definition now: its image may change while it runs. */
  #definition(): Container {
    const { spec } = this.#of.pod();
    const all = this.#init ? (spec.initContainers ?? []) : spec.containers;
    const found = all.find(({ name }) => name === this.record.name);
    if (!found) throw new Error(`pod ${this.#of.pod().metadata.name} has lost its container ${this.record.name}`);
    return found;
  }

  /** The log of one of its last two runs. */
  logOf(containerID: string): ContainerLog | undefined {
    return this.#logs.get(containerID);
  }

  /** Looks whether the pod's spec names another image than the one that runs. */
  specChanged(): void {
    if (this.#image === '' || this.#definition().image === this.#image) return;
    this.#backoff.reset();
    this.#pullBackoff.reset();
    this.#wake.abort();
    this.#wake = new AbortController();
    const grace = (this.#of.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000;
    void this.run?.end(`Container ${this.record.name} definition changed, will be restarted`, grace);
  }

  /** Runs it until it has ended for good, or the pod ends. @returns true when it succeeded */
  async work(): Promise<boolean> {
    let previous: Terminated | undefined;
    while (!this.#of.ending.aborted) {
      const ended = await this.#try();
      if (!ended) continue;
      if (this.#of.ending.aborted || !this.#restarts(ended.exitCode)) return ended.exitCode === 0;
      // The end that a probe made counts from the run before, as in the kubelet.
      const counted = this.run?.restartedByNode ? previous : ended;
      previous = ended;
      this.run = undefined;
      if (counted) await this.#backOff(counted);
    }
    return false;
  }

  /** @returns undefined when it has not run and is to be tried again */
  async #try(): Promise<Terminated | undefined> {
    try {
      const ready = await this.#prepare();
      return ready && (await this.#runOnce(ready));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#of.node.onError(`container ${this.record.name} of pod ${this.#of.pod().metadata.name}`, error);
      this.#of.record('Warning', 'FailedSync', `error syncing pod, skipping: ${why}`);
      this.#wait('CreateContainerError', why);
      this.#faultBackoff.next(this.#of.node.clock.now());
      await this.#sleep(this.#faultBackoff.wait);
      return undefined;
    }
  }

  #restarts(exitCode: number): boolean {
    const policy = this.#of.pod().spec.restartPolicy ?? 'Always';
    if (this.run?.restartedByNode && policy !== 'Never') return true;
    return policy === 'OnFailure' || this.#init ? policy !== 'Never' && exitCode !== 0 : policy === 'Always';
  }

  /** Image and env. @returns undefined after a wait: it is to be tried again */
  async #prepare(): Promise<{ image: LocalImage; command: PreparedCommand; container: Container } | undefined> {
    await this.#of.node.startTurn(this.#of.ending);
    if (this.#of.ending.aborted) return undefined;
    const container = this.#definition();
    this.#image = container.image ?? '';
    const image = ensureImage(this.#of, container, this.#fieldPath);
    if ('reason' in image) {
      this.#wait(image.reason, image.message);
      await (image.reason === 'ErrImagePull' ? this.#waitForPull() : this.#sleep(retryAfter));
      return undefined;
    }
    this.#pullBackoff.reset();
    try {
      return { image, command: await prepareCommand(this.#of, container, image), container };
    } catch (error) {
      const reason = error instanceof ConfigError ? 'CreateContainerConfigError' : 'CreateContainerError';
      const message = error instanceof Error ? error.message : String(error);
      this.#of.record('Warning', 'Failed', `Error: ${message}`, this.#fieldPath);
      this.#wait(reason, message);
      await this.#sleep(retryAfter);
      return undefined;
    }
  }

  async #waitForPull(): Promise<void> {
    const { clock } = this.#of.node;
    this.#pullBackoff.next(clock.now());
    await this.#sleep(pullErrorShown);
    if (this.#of.ending.aborted || this.#definition().image !== this.#image) return;
    this.#of.record('Normal', 'BackOff', `Back-off pulling image "${this.#image}"`, this.#fieldPath);
    this.#of.record('Warning', 'Failed', 'Error: ImagePullBackOff', this.#fieldPath);
    this.#wait('ImagePullBackOff', `Back-off pulling image "${this.#image}"`);
    await this.#sleep(this.#pullBackoff.wait - pullErrorShown);
  }

  async #runOnce({ image, command, container }: { image: LocalImage; command: PreparedCommand; container: Container }) {
    const { record } = this;
    if (this.#runs > 0) record.restartCount += 1;
    this.#runs += 1;
    const run = new ContainerRun(this.#of, container, record, command, this.#fieldPath);
    this.run = run;
    this.#keepLog(run);
    this.#of.record('Normal', 'Created', `Created container ${record.name}`, this.#fieldPath);
    // What ran before goes into lastState when the new one runs, not earlier: until then it is the state.
    if (record.state.terminated) record.lastState = { terminated: record.state.terminated };
    try {
      const state = await run.toEnd(image);
      record.state = { terminated: state };
      this.#of.changed();
      return state;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      run.log.end();
      return this.#notStarted(error, run.id);
    }
  }

  #notStarted(error: StartError, containerID: string): Terminated {
    const { record } = this;
    const now = timestamp(this.#of.node.clock.now());
    const oci = `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${error.message}: unknown`;
    // The event names the container, and the status its id.
    const failure = (name: string) => `failed to start container "${name}": Error response from daemon: ${oci}`;
    this.#of.record('Warning', 'Failed', `Error: ${failure(record.name)}`, this.#fieldPath);
    const state = {
      exitCode: error.exitCode,
      reason: 'ContainerCannotRun',
      message: oci,
      startedAt: now,
      finishedAt: now,
      containerID,
    };
    record.containerID = containerID;
    record.lastState = { terminated: state };
    if (this.#restarts(error.exitCode)) this.#wait('RunContainerError', failure(containerID.replace('sandbox://', '')));
    else {
      record.state = { terminated: state };
      this.#of.changed();
    }
    return state;
  }

  async #backOff(ended: Terminated): Promise<void> {
    const { clock } = this.#of.node;
    const left = this.#backoff.left(Date.parse(ended.finishedAt ?? ''), clock.now());
    if (left > 0) {
      const { record } = this;
      const { name, namespace, uid } = this.#of.pod().metadata;
      this.#of.record('Warning', 'BackOff', 'Back-off restarting failed container', this.#fieldPath);
      if (record.state.terminated) record.lastState = { terminated: record.state.terminated };
      const wait = goDuration(this.#backoff.wait);
      this.#wait(
        'CrashLoopBackOff',
        `back-off ${wait} restarting failed container=${record.name} pod=${name}_${namespace}(${uid})`,
      );
      await this.#sleep(left);
    }
    this.#backoff.next(clock.now());
  }

  #wait(reason: string, message: string): void {
    this.record.state = { waiting: { reason, message } };
    this.#of.changed();
  }

  #sleep(ms: number): Promise<void> {
    return this.#of.node.clock.sleep(ms, AbortSignal.any([this.#of.ending, this.#wake.signal]));
  }

  /** The current run's log and the one before it stay. */
  #keepLog(run: ContainerRun): void {
    this.#logs.set(run.id, run.log);
    const [oldest] = this.#logs.keys();
    if (this.#logs.size <= 2 || oldest === undefined) return;
    this.#logs.delete(oldest);
    const file = path.join(this.#of.folder, 'containers', this.record.name, `${this.record.restartCount - 2}.log`);
    void Promise.all([file, `${file}.1`].map((each) => rm(each, { force: true })));
  }
}
