/** How bad a log line says that it is; the many names that loggers have come down to these four. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

const namesOf: Readonly<Record<LogLevel, readonly string[]>> = {
  error: [
    'error',
    'err',
    'eror',
    'fatal',
    'critical',
    'crit',
    'panic',
    'dpanic',
    'severe',
    'alert',
    'emerg',
    'emergency',
    'fail',
  ],
  warn: ['warn', 'warning', 'wrn'],
  info: ['info', 'inf', 'information', 'notice', 'log'],
  debug: ['debug', 'dbg', 'dbug', 'trace', 'trc', 'trce', 'verbose', 'silly', 'fine', 'finer', 'finest'],
};

const levels = new Map(
  Object.entries(namesOf).flatMap(([level, names]) => names.map((name) => [name, level as LogLevel])),
);

/** The names, longest first, for a regular expression. */
export const levelNames: readonly string[] = [...levels.keys()].sort((a, b) => b.length - a.length);

/**
 * The level that a logger's name or number for it means; undefined for any other value. From 10 up numbers are pino's
 * and bunyan's (10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal); below that they are syslog's (RFC 5424: 0 to
 * 3 error, 4 warning, 5 and 6 info, 7 debug), as GELF has them.
 */
export function levelOfName(name: unknown): LogLevel | undefined {
  if (typeof name === 'string') return levels.get(name.toLowerCase());
  if (typeof name !== 'number' || !Number.isInteger(name) || name < 0 || name > 100) return undefined;
  if (name >= 10) return name >= 50 ? 'error' : name >= 40 ? 'warn' : name >= 30 ? 'info' : 'debug';
  if (name <= 7) return name <= 3 ? 'error' : name === 4 ? 'warn' : name === 7 ? 'debug' : 'info';
  return undefined;
}
