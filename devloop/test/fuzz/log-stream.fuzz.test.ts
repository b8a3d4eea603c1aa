import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import fc from 'fast-check';
import { createKubernetes } from '../../src/adapters/kubernetes/client.ts';
import type { Connection } from '../../src/adapters/kubernetes/connection.ts';
import type { OnLogLine } from '../../src/engine/outside.ts';
import { LineSplitter } from '../../src/lib/lines.ts';
import { sanitizeLine } from '../../src/lib/sanitize.ts';
import { createLogStore } from '../../src/state/log-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { anyText, damaged, inTime, parameters, pieces, timeout } from './cases.ts';

const cap = 64 * 1024;
const chunk = fc.oneof(
  { weight: 6, arbitrary: anyText },
  { weight: 3, arbitrary: anyText.map((text) => `${text}\n`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\r', '\n', '\r\n', '\x1b[', '\x1b]0;title\x07', '\x1b[31mred', '\u2028', '\ufeff'),
  },
  { weight: 1, arbitrary: fc.tuple(anyText, fc.nat(3000)).map(([text, times]) => text.repeat(times).slice(0, 10_000)) },
);
const hasControl = (text: string): boolean => /\p{Cc}/u.test(text.replaceAll('\t', ''));

describe('the log of a container', () => {
  it(
    'may hold anything: its lines are harmless, in order, and under the cap',
    () => {
      const store = createLogStore(cap);
      const noise = createLogStore(cap);
      let lines = 0;
      fc.assert(
        fc.property(fc.array(chunk, { maxLength: 10 }), fc.constantFrom('a', 'b'), (chunks, service) => {
          const texts: string[] = [];
          const splitter = new LineSplitter((text) => texts.push(text));
          for (const text of chunks) splitter.push(text);
          splitter.end();
          expect(texts.join('')).toBe(chunks.join('').replace(/\r?\n/g, ''));
          for (const text of texts) {
            expect(hasControl(sanitizeLine(text))).toBe(false);
            store.append({ at: 0, service, source: 'container', pod: 'p', container: 'c', text });
            noise.append({
              at: 0,
              service,
              source: 'container',
              pod: text.slice(0, 3),
              container: text.slice(3, 5),
              text,
            });
          }
          lines += texts.length;
          expect(store.version()).toBe(lines);
          expect(store.bytes()).toBeLessThanOrEqual(cap + 4 * 100_000);
          for (const stream of store.streams())
            for (let at = Math.max(stream.first, stream.end - 3); at < stream.end; at += 1)
              expect(hasControl(stream.lineAt(at).text)).toBe(false);
        }),
        parameters,
      );
      // What was dropped is gone.
      expect(noise.streams().length).toBeLessThan(cap / 24);
    },
    timeout,
  );

  it(
    'may be cut anywhere: each line that is told has a time, and what came whole is told whole',
    async () => {
      const kubeConfig = new KubeConfig();
      kubeConfig.loadFromClusterAndUser(
        { name: 'c', server: 'http://127.0.0.1:1', skipTLSVerify: true },
        { name: 'u' },
      );
      const stamp = '2026-01-31T14:03:21.123456789Z';
      const lines = ['listening', '', ' ', 'ünïcödé 😀', '{"level":"info"}', stamp].map((text) =>
        Buffer.from(`${stamp} ${text}\n`),
      );
      const more = ['no time\n', `${stamp}\n`, '\n', 'never listening\n', '2026-99-99T00:00:00Z x\n'].map((text) =>
        Buffer.from(text),
      );
      await fc.assert(
        fc.asyncProperty(pieces(damaged([...lines, ...more])), async (chunks) => {
          const connection = { kubeConfig, stream: async () => Readable.from(chunks, { objectMode: false }) };
          const kubernetes = createKubernetes(connection as unknown as Connection, createFakeClock(0));
          const told: Parameters<OnLogLine>[] = [];
          const request = { namespace: 'dev', pod: 'web-1', container: 'web' };
          await inTime(kubernetes.logs(request, (...line) => told.push(line), new AbortController().signal));
          for (const [timestamp, text, at] of told)
            expect([timestamp.length > 0, text.includes('\n'), Number.isFinite(at)]).toEqual([true, false, true]);
          const whole = Buffer.concat(chunks)
            .toString()
            .split('\n')
            .filter((text) => text.startsWith(`${stamp} `));
          expect(told.filter(([timestamp]) => timestamp === stamp).length).toBe(whole.length);
        }),
        parameters,
      );
    },
    timeout,
  );

  it('may never end a line: it comes in pieces', () => {
    const texts: string[] = [];
    const splitter = new LineSplitter((text) => texts.push(text));
    for (let megabytes = 0; megabytes < 40; megabytes += 1) splitter.push('x'.repeat(1024 * 1024));
    splitter.end();
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join('').length).toBe(40 * 1024 * 1024);
  });
});
