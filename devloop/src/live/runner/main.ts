/**
 * The runner: starts the program of a container as its child, and takes files, commands and restarts from devloop. It
 * is bundled to one CommonJS file that images with Node 18 and later run. As far as Kubernetes sees, it is the program.
 */
import inspector from 'node:inspector';
import process from 'node:process';
import { setImmediate } from 'node:timers';
import { endLeftovers } from './end-leftovers.ts';
import { listen } from './listen.ts';
import { Program } from './program.ts';
import { Commands } from './run-command.ts';
import { type Served, serveConnection } from './serve-connection.ts';
import { readSettings } from './settings.ts';
import { Standby } from './standby.ts';

const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;

const say = (text: string) => process.stderr.write(`devloop: ${text}\n`);

const settings = readSettings(process.argv.slice(2), process.env, process.cwd());
const commands = new Commands(settings);
const standby = new Standby(settings);
const program = new Program(
  settings,
  standby,
  () => endLeftovers(new Set([...commands.running, ...(standby.pid === undefined ? [] : [standby.pid])])),
  (exitCode, error) => {
    if (error) say(`cannot run ${settings.program[0]}: ${error.message}`);
    // Whoever asked for a restart hears of it first.
    setImmediate(() => process.exit(exitCode));
  },
);

// NODE_OPTIONS may ask for a debugger: that is the program's.
inspector.close();
if (settings.program.length === 0) {
  say('the image names no program to run: it has neither ENTRYPOINT nor CMD, and the pod gives no args');
  process.exit(127);
}
for (const signal of signals) process.on(signal, () => program.signal(signal));
program.start().catch(() => undefined);

const served: Served = { settings, program, standby, commands, mark: '', clients: 0 };
listen(
  (socket) => void serveConnection(socket, served),
  (why) => say(`this container takes no live updates: ${why}`),
);
