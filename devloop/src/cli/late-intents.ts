import type { LoopIntents, MachineIntents } from '../model/intents.ts';
import type { Dispatch } from '../state/store.ts';

type SessionIntents = LoopIntents & MachineIntents;

/** Intents of a dashboard that is there before its loop: until that serves them they only say so. */
export function createLateIntents(dispatch: Dispatch): {
  readonly intents: SessionIntents;
  readonly serve: (by: SessionIntents) => void;
} {
  let server: SessionIntents | undefined;
  const ask = (what: (by: SessionIntents) => void) => {
    if (server) what(server);
    else dispatch({ type: 'notice', level: 'info', text: 'devloop is still starting: nothing was done' });
  };
  return {
    intents: {
      rebuild: (service) => ask((by) => by.rebuild(service)),
      restart: (service) => ask((by) => by.restart(service)),
      pause: () => ask((by) => by.pause()),
      resume: () => ask((by) => by.resume()),
      rollback: (service) => ask((by) => by.rollback(service)),
      setActive: (service, active) => ask((by) => by.setActive(service, active)),
      open: (url) => ask((by) => by.open(url)),
      copy: (text) => ask((by) => by.copy(text)),
      saveLog: (text) => ask((by) => by.saveLog(text)),
      shell: (pod, container) => ask((by) => by.shell(pod, container)),
    },
    serve: (by) => {
      server = by;
    },
  };
}
