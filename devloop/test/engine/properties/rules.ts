import { plan } from '../../../src/engine/plan.ts';
import type { LoopEvent } from '../../../src/model/events.ts';
import { summarizeAll } from '../../../src/state/service-summary.ts';
import type { RecordedStore } from '../../fakes/store.ts';
import { deepFreeze } from '../../support/deep-freeze.ts';

/** What does not work for a while. */
export interface Broken {
  files: boolean;
  connect: boolean;
  hasImage: boolean;
}

/** What has to hold at every moment of a loop; each breach is remembered. */
export function createRules(store: RecordedStore) {
  const breaches: string[] = [];
  const running = new Set<string>();
  let content = 0;
  deepFreeze(store.getState());

  store.subscribe((event) => {
    deepFreeze(event);
    const state = deepFreeze(store.getState());
    for (const { subject, reason } of plan(state).waits)
      if (!subject || !/\w\w/.test(reason) || reason.endsWith(' '))
        breaches.push(`no reason why ${subject} waits: "${reason}"`);
    for (const { name, phase, reason } of summarizeAll(state))
      if (phase !== 'ready' && !/\w\w/.test(reason)) breaches.push(`no reason why ${name} is ${phase}: "${reason}"`);
  });

  return {
    breaches,
    /** A content that no file has had before. */
    nextContent: () => {
      content += 1;
      return content;
    },
    begins: (operation: string) => {
      if (running.has(operation)) breaches.push(`two at once: ${operation}`);
      running.add(operation);
    },
    ends: (operation: string) => {
      running.delete(operation);
    },
    dispatch: (event: LoopEvent) => {
      try {
        store.dispatch(event);
      } catch (error) {
        breaches.push(`${event.type} threw ${String(error)}`);
        throw error;
      }
    },
    running: () => running.size,
  };
}
