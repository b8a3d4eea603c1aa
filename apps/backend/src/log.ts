export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];
export type Log = (level: Level, msg: string, fields?: Record<string, unknown>) => void;

/** A logger of one JSON line per call; lines below `threshold` are dropped. */
export function createLog(threshold: Level, write: (line: string) => void): Log {
  const lowest = levels.indexOf(threshold);
  return (level, msg, fields) => {
    if (levels.indexOf(level) < lowest) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level, msg, ...fields })}\n`);
  };
}
