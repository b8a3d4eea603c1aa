import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createKubernetes } from '../../src/adapters/kubernetes/client.ts';
import { followLogs } from '../../src/engine/follow-logs.ts';
import type { Clock } from '../../src/model/clock.ts';
import { type ApiRequest, type FakeApiServer, sendStatus, startApiServer } from '../fakes/api-server.ts';
import { createRecordedStore, type RecordedStore } from '../fakes/store.ts';
import { podChanged, sampleContainer, samplePod, started } from '../support/sample.ts';

const second = Date.parse('2026-01-31T14:03:21Z');
const linesOfRun = 60;
const runs = 3;

/** Pauses of half a second pass in 5 ms. */
const briefClock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };

/** The same numbers from 0 to 1 for the same seed. https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * A kubelet whose streams break off in all ways, and whose container ends and is started anew. It writes a few lines for
 * each request, some of them before it answers, as if nobody listened.
 */
class BrokenKubelet {
  readonly texts: string[] = [];
  readonly #random: () => number;
  /** Of each run, the lines as they are sent. */
  readonly #files: { readonly at: number; readonly line: string }[][] = [];
  readonly #onRestart: (restarts: number) => void;
  #run = 0;
  #written = 0;

  constructor(seed: number, onRestart: (restarts: number) => void) {
    this.#random = createRandom(seed);
    this.#onRestart = onRestart;
    let nanos = 0;
    for (let run = 0; run < runs; run += 1) {
      const file: { at: number; line: string }[] = [];
      for (let index = 0; index < linesOfRun; index += 1) {
        nanos += this.#pick([0, 0, 1, 800, 3_000_000, 700_000_000, -1]);
        const at = second + Math.floor(nanos / 1e6);
        const digits = String(((nanos % 1e9) + 1e9) % 1e9).padStart(9, '0');
        const size = this.#pick([0, 5, 40, 300, 40_000]);
        const text = `run ${run} line ${index} ${'é'.repeat(size)}`;
        this.texts.push(text);
        // The last words of a run have no newline.
        const end = index === linesOfRun - 1 ? '' : '\n';
        file.push({ at, line: `${new Date(at).toISOString().slice(0, 19)}.${digits}Z ${text}${end}` });
      }
      this.#files.push(file);
      nanos += 5e6;
    }
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }

  #write(most: number): void {
    this.#written = Math.min(linesOfRun, this.#written + Math.floor(this.#random() * most));
  }

  async answer({ url }: ApiRequest, response: ServerResponse): Promise<void> {
    const { searchParams: query } = url;
    const since = Date.parse(query.get('sinceTime') ?? '1970-01-01T00:00:00Z');
    const from = Math.floor(since / 1000) * 1000;
    const isPrevious = query.get('previous') === 'true';
    if (this.#random() < 0.15) {
      sendStatus(response, this.#pick([429, 500, 503]), 'a fault');
      return;
    }
    if (!isPrevious) this.#write(8);
    const run = isPrevious ? this.#run - 1 : this.#run;
    const file = this.#files[run] ?? [];
    let sent = 0;
    const send = (until: number) => {
      for (; sent < until; sent += 1) if ((file[sent]?.at ?? 0) >= from) response.write(file[sent]?.line ?? '');
    };
    response.writeHead(200, { 'content-type': 'text/plain' });
    const isBroken = this.#random() < 0.6;
    if (isPrevious) {
      send(isBroken ? Math.floor(this.#random() * linesOfRun) : linesOfRun);
    } else {
      for (let round = this.#pick([0, 1, 3]); round > 0; round -= 1) {
        send(this.#written);
        await sleep(1);
        this.#write(8);
      }
      send(this.#written);
    }
    const next = file[sent]?.line ?? '';
    const isOver = !isPrevious && this.#written === linesOfRun;
    if (isBroken) {
      // Half a line; as long as the container runs with a clean end of the stream, as a server that shuts down has it.
      await new Promise((resolve) =>
        response.write(next.slice(0, Math.floor(this.#random() * next.length)) || '\n', resolve),
      );
      if (isPrevious || isOver || this.#random() < 0.5) response.destroy();
      else response.end();
    } else response.end();
    if (isOver && this.#run < runs - 1 && this.#random() < 0.7) {
      this.#run += 1;
      this.#written = 0;
      this.#onRestart(this.#run);
    }
  }
}

let server: FakeApiServer;
let store: RecordedStore;
let ending: AbortController;
beforeEach(async () => {
  server = await startApiServer();
  store = createRecordedStore(briefClock.now);
  store.dispatch(started());
  ending = new AbortController();
});
afterEach(async () => {
  ending.abort();
  await server.close();
});

const show = (restarts: number, state: 'running' | 'terminated' = 'running') =>
  store.dispatch(
    podChanged(
      samplePod('backend', 0, { containers: [sampleContainer('backend', 0, { restarts, state, ready: true })] }),
    ),
  );

describe('a log whose streams are cut at random, and whose container is started anew', () => {
  it.each(Array.from({ length: 15 }, (_, seed) => [seed]))(
    'loses no line and has none twice (seed %i)',
    async (seed) => {
      const kubelet = new BrokenKubelet(seed, (restarts) => show(restarts));
      server.answer = (request, response) => void kubelet.answer(request, response);
      followLogs(createKubernetes(server.connection, briefClock), briefClock, store, {}, ending.signal).listed();
      show(0);
      const told = () => store.of('log').map(({ line }) => line.text);
      const last = runs * linesOfRun - 1;
      while (told().length < last) await sleep(2);
      // The last words are told when the container has ended.
      show(runs - 1, 'terminated');
      while (told().length <= last) await sleep(2);
      expect(told()).toEqual(kubelet.texts);
      expect(store.of('notice')).toEqual([]);
    },
  );
});
