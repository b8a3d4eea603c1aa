import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runSandboxThread } from '../../src/cli/run-sandbox-thread.ts';
import type { SandboxThreadData } from '../../src/cli/sandbox-messages.ts';
import { Fault } from '../../src/model/errors.ts';
import { cases, inTime, parameters, timeout } from './cases.ts';

/** A thread that says `data.says`, one message after the other, and then does as a sandbox does. */
const thread = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads';
    for (const message of workerData.says) parentPort.postMessage(message);
    parentPort.on('message', ({ type }) => {
      if (type === 'images') parentPort.postMessage({ type: 'images', references: ['a:1'] });
      if (type === 'close') parentPort.close();
    });
  `)}`,
);

const strange = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
const word = fc.oneof(fc.string(), fc.constantFrom('mistake', 'closed', 'image', 'constructor', '__proto__'));
const message = fc.oneof(
  strange,
  fc.constantFrom(null, undefined, 0, '', true),
  fc.record({
    type: fc.oneof(
      word.filter((text) => !/^(started|failed|images)$/.test(text)),
      strange,
    ),
    where: strange,
    message: strange,
  }),
);

const run = (says: readonly unknown[], onMistake: () => void) =>
  runSandboxThread(thread, { says } as unknown as SandboxThreadData, onMistake, () => {});

describe('what the thread of the sandbox says', () => {
  it(
    'may be anything: what it is asked is answered, and it ends',
    async () => {
      const said = fc.sample(message, { ...parameters, numRuns: cases });
      let mistakes = 0;
      const sandbox = await inTime(
        run([...said, { type: 'started' }], () => {
          mistakes += 1;
        }),
      );
      expect([...(await inTime(sandbox.imagesInUse()))]).toEqual(['a:1']);
      await inTime(sandbox.close());
      expect(mistakes).toBe(said.filter((one) => isMistake(one)).length);
    },
    timeout,
  );

  it.each([
    ['a fault', { fault: { kind: 'environment', problem: { title: 'It cannot start', why: 'the test' } } }, true],
    ['a stack', { stack: 'Error: x' }, false],
    ['nothing', {}, false],
  ])('may be that it failed, with %s', async (_, more, isFault) => {
    const error = await run([{ type: 'failed', ...more }], () => undefined).catch((thrown: unknown) => thrown);
    expect(error instanceof Fault).toBe(isFault);
  });
});

const isMistake = (one: unknown): boolean =>
  typeof one === 'object' && one !== null && 'type' in one && one.type === 'mistake';
