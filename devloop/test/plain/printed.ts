import { examples } from '../../reference/examples.ts';
import type { LoopEvent, StampedEvent } from '../../src/model/events.ts';
import { createPlainPrinter } from '../../src/plain/print-plain.ts';
import { crash, startTime } from '../support/sample.ts';

/** What the printer writes for the last of the event lists, after all the ones before it, each a minute later. */
export function printed(...batches: readonly (readonly LoopEvent[])[]): string {
  let text = '';
  let seq = 0;
  const print = createPlainPrinter({
    write: (line) => {
      text += line;
    },
    color: false,
  });
  for (const [minute, batch] of batches.entries()) {
    text = '';
    for (const event of batch) {
      seq += 1;
      print({ ...event, seq, at: startTime + minute * 60_000 + seq } as StampedEvent);
    }
  }
  return `\n${text}`;
}

export const crashed: LoopEvent = {
  type: 'container.crashed',
  service: 'backend',
  uid: 'backend-7d9f-0',
  pod: 'backend-7d9f-0',
  container: 'backend',
  ...crash,
  lines: ['Error: connect ECONNREFUSED', '    at connect'],
};

export const exampleStart = { type: 'loop.started', ...examples['loop.started'] } as const;

export const stepOf = (status: 'running' | 'done' | 'cached' | 'failed', name: string, ms?: number): LoopEvent => ({
  type: 'build.step',
  service: 'backend',
  step: { id: name, name, status, ...(ms !== undefined && { ms }) },
});
