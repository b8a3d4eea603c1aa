import { createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createLog, type Log } from './log.ts';
import { openStore, type TaskStore } from './store.ts';

const write = (line: string) => process.stdout.write(line);
const text = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Says once, in the log's own format, why the process cannot go on. */
function giveUp(log: Log, reason: string): never {
  log('error', reason);
  process.exit(1);
}

function openDatabase(config: Config, log: Log): TaskStore {
  try {
    return openStore(config.databasePath);
  } catch (error) {
    return giveUp(
      log,
      `Cannot open the database ${config.databasePath}: ${text(error)}. DATABASE_PATH must be a file in a folder that this user can write to.`,
    );
  }
}

function configure(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) return giveUp(createLog('error', write), error.message);
    throw error;
  }
}

const config = configure();
const log = createLog(config.logLevel, write);
const app = createApp(config, openDatabase(config, log), log);

try {
  await app.server.start();
} catch (error) {
  giveUp(
    log,
    `Cannot listen on ${config.host}:${config.port}: ${text(error)}. Free that port or set HOST and PORT to others.`,
  );
}
log('info', 'started', {
  host: config.host,
  port: app.server.info.port,
  startMs: Math.round(performance.now()),
  node: process.version,
});

const stop = async (signal: NodeJS.Signals) => {
  const began = performance.now();
  log('info', 'draining', { signal, timeoutMs: config.shutdownTimeoutMs });
  try {
    await app.drain();
  } catch (error) {
    giveUp(log, `The shutdown failed: ${text(error)}`);
  }
  log('info', 'stopped', { durationMs: Math.round(performance.now() - began) });
  process.exit(0);
};
// `once`: a second signal ends the process at once, for a person who does not want to wait.
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
