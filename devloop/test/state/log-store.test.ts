import { describe, expect, it } from '@jest/globals';
import type { LogLine } from '../../src/model/log-line.ts';
import { createLogStore, type LogStore } from '../../src/state/log-store.ts';
import type { KeptLine, LogStream } from '../../src/state/log-stream.ts';
import { startTime } from '../support/sample.ts';

const line = (service: string, text: string, change: Partial<LogLine> = {}): LogLine => ({
  at: 0,
  service,
  source: 'container',
  text,
  ...change,
});

const linesOf = (stream: LogStream): KeptLine[] =>
  Array.from({ length: stream.end - stream.first }, (_, index) => stream.lineAt(stream.first + index));
const kept = (logs: LogStore, service?: string): KeptLine[] =>
  logs
    .streams()
    .filter(({ origin }) => service === undefined || origin.service === service)
    .flatMap(linesOf)
    .sort((a, b) => a.seq - b.seq);
const texts = (logs: LogStore, service?: string) => kept(logs, service).map(({ text }) => text);

describe('the log store', () => {
  it('numbers lines in the order they came, over all services', () => {
    const logs = createLogStore();
    for (const [service, text] of [
      ['backend', 'one'],
      ['frontend', 'two'],
      ['backend', 'three'],
    ] as const)
      logs.append(line(service, text));
    expect(kept(logs).map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect(texts(logs, 'backend')).toEqual(['one', 'three']);
    expect(texts(logs, 'nobody')).toEqual([]);
    expect(logs.version()).toBe(3);
  });

  it('gives a line back as it came, with all that is known of it', () => {
    const logs = createLogStore();
    const full = line('backend', 'hello', { at: 1_769_864_600_123, pod: 'backend-1', container: 'app' });
    logs.append(full);
    expect(kept(logs)).toEqual([{ ...full, seq: 1, group: 1 }]);
  });

  it('has a stream for each service, source, pod and container', () => {
    const logs = createLogStore();
    logs.append(line('backend', 'a', { pod: 'p1', container: 'app' }));
    logs.append(line('backend', 'b', { pod: 'p1', container: 'sidecar' }));
    logs.append(line('backend', 'c', { pod: 'p2', container: 'app' }));
    logs.append(line('backend', 'd', { source: 'build' }));
    logs.append(line('backend', 'e', { pod: 'p1', container: 'app' }));
    expect(logs.streams().map((stream) => linesOf(stream).map(({ text }) => text))).toEqual([
      ['a', 'e'],
      ['b'],
      ['c'],
      ['d'],
    ]);
    expect(logs.streams()[1]?.origin).toEqual({
      service: 'backend',
      source: 'container',
      pod: 'p1',
      container: 'sidecar',
    });
  });

  it.each([
    ['\x1b[2J\x1b[31mred\x1b[0m\x07\ttab', 'red  tab'],
    ['日本語 👍🏽 naïve', '日本語 👍🏽 naïve'],
    ['', ''],
    ['\ud800 half a character', '\ufffd half a character'],
  ])('keeps %j as %j', (text, expected) => {
    const logs = createLogStore();
    logs.append(line('backend', text));
    expect(texts(logs)).toEqual([expected]);
  });

  it('keeps a line that is longer than a chunk', () => {
    const logs = createLogStore();
    const long = 'é'.repeat(300_000);
    for (const text of ['before', long, 'after']) logs.append(line('backend', text));
    expect(texts(logs)).toEqual(['before', long, 'after']);
    expect(logs.dropped()).toBe(0);
  });

  it('keeps times that are years apart, and go backwards', () => {
    const logs = createLogStore();
    const times = [startTime, startTime + 1, 0, startTime + 90 * 86_400_000, startTime + 2];
    for (const at of times) logs.append({ ...line('backend', 'a line'), at });
    expect(kept(logs).map(({ at }) => at)).toEqual(times);
  });

  it('keeps 100,000 lines of any usual length', () => {
    const logs = createLogStore();
    for (let index = 0; index < 100_000; index += 1) logs.append(line('backend', `${index} ${'x'.repeat(220)}`));
    expect(logs.dropped()).toBe(0);
    expect(kept(logs)).toHaveLength(100_000);
  });
});

describe('the cap', () => {
  const small = 256 * 1024;

  it('holds, drops the oldest lines, and counts them', () => {
    const logs = createLogStore(small);
    for (let index = 0; index < 50_000; index += 1) logs.append(line('backend', `line ${index}`));
    const lines = kept(logs);
    expect(logs.bytes()).toBeLessThanOrEqual(small);
    expect(logs.dropped()).toBeGreaterThan(0);
    expect(lines.length + logs.dropped()).toBe(50_000);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => logs.dropped() + index + 1));
    expect(lines.at(-1)?.text).toBe('line 49999');
  });

  it('counts by service, also after nothing of it is left', () => {
    const logs = createLogStore(small);
    for (let index = 0; index < 20_000; index += 1) logs.append(line('backend', `line ${index}`));
    expect(logs.dropped('backend')).toBe(logs.dropped());
    expect(logs.dropped('frontend')).toBe(0);
  });

  it('takes nothing from a quiet service while a noisy one has more', () => {
    const logs = createLogStore(small);
    logs.append(line('quiet', 'still here'));
    for (let index = 0; index < 100_000; index += 1) {
      logs.append(line('noisy', `line ${index}`));
      if (index % 10_000 === 0) logs.append(line('quiet', `again ${index}`));
    }
    expect(texts(logs, 'quiet')).toHaveLength(11);
    expect(logs.dropped('quiet')).toBe(0);
    expect(logs.dropped('noisy')).toBe(logs.dropped());
  });

  it('divides itself evenly between services that are all noisy', () => {
    const logs = createLogStore(1024 * 1024);
    for (let index = 0; index < 200_000; index += 1) logs.append(line(`service-${index % 4}`, `line ${index}`));
    const counts = [0, 1, 2, 3].map((index) => texts(logs, `service-${index}`).length);
    expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.5);
  });

  it('drops the lines of pods that are gone first, and forgets them then', () => {
    const logs = createLogStore(small);
    for (let pod = 0; pod < 200; pod += 1)
      for (let index = 0; index < 100; index += 1) logs.append(line('backend', `line ${index}`, { pod: `pod-${pod}` }));
    const pods = logs.streams().map(({ origin }) => origin.pod);
    expect(pods).toEqual(Array.from({ length: pods.length }, (_, index) => `pod-${200 - pods.length + index}`));
    expect(kept(logs).length + logs.dropped()).toBe(20_000);
  });

  it('keeps a line that is larger than the cap until the next comes', () => {
    const logs = createLogStore(small);
    logs.append(line('backend', 'first'));
    logs.append(line('backend', 'x'.repeat(2 * small)));
    expect(kept(logs)).toHaveLength(1);
    for (let index = 0; index < 10; index += 1) logs.append(line('backend', `then ${index}`));
    expect(texts(logs)).toHaveLength(10);
    expect(logs.dropped()).toBe(2);
    expect(logs.bytes()).toBeLessThanOrEqual(small);
  });
});

describe('groups', () => {
  it('are of one container, also when other lines come in between', () => {
    const logs = createLogStore();
    logs.append(line('backend', 'Error: no', { pod: 'a' }));
    logs.append(line('backend', 'GET /', { pod: 'b' }));
    logs.append(line('backend', '    at handler (server.js:1:2)', { pod: 'a' }));
    logs.append(line('backend', '    at main (server.js:9:2)', { pod: 'a' }));
    logs.append(line('backend', 'GET /', { pod: 'a' }));
    expect(kept(logs).map(({ seq, group }) => [seq, group])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 1],
      [5, 5],
    ]);
    expect(logs.streams()[0]?.continuesAt(1)).toBe(true);
    expect(logs.streams()[0]?.continuesAt(0)).toBe(false);
  });

  it('refuses the ordinal of a line that is not kept', () => {
    const logs = createLogStore();
    logs.append(line('backend', 'one'));
    expect(() => logs.streams()[0]?.lineAt(1)).toThrow('log line 1 is not kept');
  });
});
