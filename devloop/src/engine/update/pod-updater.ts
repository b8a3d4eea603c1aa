import type { Pulse } from '../../lib/pulse.ts';
import type { Clock } from '../../model/clock.ts';
import { outsideFault, type Problem } from '../../model/errors.ts';
import type { PodUpdate } from '../../model/operation.ts';
import type { PodView } from '../../model/pod.ts';
import type { Store } from '../../state/store.ts';
import type { LiveContainer, Outside } from '../outside.ts';
import type { PodTraffic } from '../pod-traffic.ts';
import { awaitAnswer } from './await-answer.ts';
import { matcher } from './coverage.ts';
import { writeMark } from './mark.ts';
import type { Overlay } from './overlay.ts';
import { lackedBy, sendChanges } from './send-changes.ts';

/** A pod that owes answers is restarted after so many milliseconds all the same. */
const quietMs = 100;
/** A process is started ahead so many milliseconds after the last restart. */
const standbyRestMs = 250;
/** Of a command's output, so many last lines are evidence. */
const linesKept = 30;

export interface LivePodParts {
  readonly outside: Pick<Outside, 'kubernetes' | 'live'>;
  readonly clock: Clock;
  readonly store: Store;
  readonly traffic: PodTraffic;
  readonly overlay: Overlay;
  /** Tells this run of devloop from others, in the marks that it leaves in containers. */
  readonly session: string;
}

/** Brings a pod's container from one edit to another, and tells how far it is. */
export class PodUpdater {
  readonly #parts: LivePodParts;
  readonly #service: string;
  readonly #uid: string;
  /** The program is being started anew and has not answered since. */
  #isDown = false;

  constructor(parts: LivePodParts, service: string, uid: string) {
    this.#parts = parts;
    this.#service = service;
    this.#uid = uid;
  }

  get view(): PodView | undefined {
    return this.#parts.store.getState().pods[this.#uid]?.view;
  }

  report(status: PodUpdate['status'], edit: number, problem?: Problem): void {
    const { store } = this.#parts;
    const known = store.getState().pods[this.#uid];
    if (status !== 'restarting') this.#isDown = false;
    if (!known || (known.update?.status === status && known.update.edit === edit && !problem)) return;
    const update = { status, edit, ...(problem && { problem }) };
    store.dispatch({ type: 'pod.update', service: this.#service, uid: this.#uid, pod: known.view.name, update });
  }

  /**
   * It ends early, with the program still starting, when `isOpen` says so or a newer edit is there.
   * @param pulse beats when either may have changed
   * @throws Fault (usage) when the container does not take a file; (outside) when a command in it fails
   */
  async bring(connection: LiveContainer, from: number, to: number, pulse: Pulse, isOpen: () => boolean): Promise<void> {
    const { overlay, outside, traffic, store, session } = this.#parts;
    const { services, project } = store.getState();
    const spec = services[this.#service]?.spec;
    if (!spec?.live || !project) return;
    const { changes, files } = overlay.since(from);
    const mark = writeMark({ session, edit: to, isBundled: overlay.isBundled });
    if (!this.#isDown && changes.length > 0) this.report('updating', from);
    await sendChanges(outside.live, connection, changes);
    for (const { command, when } of spec.live.run) {
      if (files.some(matcher(project.root, when))) await this.#run(connection, command);
    }
    if (spec.live.restart && changes.length > 0) {
      this.report('restarting', from);
      this.#isDown = true;
      await traffic.quiet(this.#uid, quietMs);
      await Promise.all([connection.restart(), connection.setMark(mark)]);
    } else await connection.setMark(mark);
    if (this.#isDown && !(await this.#answered(connection, pulse, () => isOpen() && overlay.edit === to))) return;
    this.report('current', to);
    void this.#standByLater(connection, isOpen);
  }

  /** Not at once: what else the edit has started needs the processor first. */
  async #standByLater(connection: LiveContainer, isOpen: () => boolean): Promise<void> {
    await this.#parts.clock.sleep(standbyRestMs);
    if (isOpen()) await this.standBy(connection);
  }

  /** Lets the next restart be a short one, where the container takes what that needs. */
  async standBy(connection: LiveContainer): Promise<void> {
    const { overlay, outside, store } = this.#parts;
    const { ahead } = overlay;
    if (!store.getState().services[this.#service]?.spec?.live?.restart) return;
    try {
      // Written anew, what the program may just be loading would break it.
      if (ahead) await sendChanges(outside.live, connection, await lackedBy(connection, ahead.changes));
      await connection.standBy(ahead?.packages);
    } catch {
      // The edit that comes will say what is wrong.
    }
  }

  #answered(connection: LiveContainer, pulse: Pulse, isWanted: () => boolean): Promise<boolean> {
    const { outside, clock, store } = this.#parts;
    const ports = store.getState().services[this.#service]?.spec?.ports ?? [];
    const restarted = { connection, uid: this.#uid, ports };
    return awaitAnswer(outside.kubernetes, clock, store, restarted, isWanted, pulse);
  }

  async #run(connection: LiveContainer, command: readonly string[]): Promise<void> {
    const { store, clock } = this.#parts;
    const last: string[] = [];
    const code = await connection.run(command, (text) => {
      last.push(text);
      if (last.length > linesKept) last.shift();
      store.dispatch({ type: 'log', line: { at: clock.now(), service: this.#service, source: 'build', text } });
    });
    if (code === 0) return;
    throw outsideFault({
      title: `\`${command.join(' ')}\` failed in pod ${this.view?.name ?? this.#uid}`,
      why: `it ended with exit code ${code}`,
      fix: 'Correct it and save: the next change tries again. The program there goes on as it was.',
      evidence: last,
    });
  }
}
