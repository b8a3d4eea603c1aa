import path from 'node:path';
import { copyText } from '../adapters/desktop/clipboard.ts';
import { type Desktop, isRemote } from '../adapters/desktop/desktop.ts';
import { openUrl } from '../adapters/desktop/open-url.ts';
import type { RunDesktopProgram } from '../adapters/desktop/run-program.ts';
import type { Clock } from '../model/clock.ts';
import { whyOf } from '../model/errors.ts';
import type { MachineIntents } from '../model/intents.ts';
import type { ProjectSpec } from '../model/project.ts';
import type { Store } from '../state/store.ts';
import { saveLog } from './save-log.ts';

export interface MachineParts {
  readonly project: ProjectSpec;
  readonly store: Store;
  readonly clock: Clock;
  readonly desktop: Desktop;
  readonly runProgram: RunDesktopProgram;
  /** Writes to the terminal, between the dashboard's frames. */
  readonly write: (text: string) => void;
  readonly shell: (pod: string, container?: string) => Promise<void>;
}

/** What the user can ask of this machine; each tells what came of it. */
export function createMachineIntents(parts: MachineParts): MachineIntents {
  const { project, store, clock, desktop, runProgram, write } = parts;
  const tell = (text: string) => store.dispatch({ type: 'notice', level: 'info', text });
  const warn = (text: string) => store.dispatch({ type: 'notice', level: 'warning', text });
  const attempt = (what: string, work: () => Promise<void>) => {
    work().catch((error: unknown) => warn(`${what}: ${whyOf(error)}`));
  };

  return {
    open: (url) =>
      attempt(`${url} could not be opened`, async () => {
        const why = await openUrl(url, desktop, runProgram);
        if (why === undefined) tell(`opened ${url} in the browser`);
        else {
          const fix = isRemote(desktop) ? '; over SSH the port has to be forwarded to your own machine (ssh -L)' : '';
          warn(`${url} was not opened: ${why}${fix}`);
        }
      }),
    copy: (text) =>
      attempt('Nothing was copied', async () => {
        const copied = await copyText(text, desktop, runProgram, write);
        const lines = text.replace(/\n$/, '').split('\n').length;
        const what = lines === 1 ? `${[...text].length} characters` : `${lines} lines`;
        if ('why' in copied) warn(`${what} were not copied: ${copied.why}`);
        else if (copied.by === 'terminal') tell(`${what} were sent to the terminal's clipboard (OSC 52)`);
        else tell(`copied ${what} by ${copied.by}`);
      }),
    saveLog: (text) =>
      attempt('The log was not saved', async () => {
        const file = await saveLog(project, text, clock.now());
        tell(`saved to ${path.relative(project.root, file)}`);
      }),
    shell: (pod, container) => attempt(`No shell in pod ${pod}`, () => parts.shell(pod, container)),
  };
}
