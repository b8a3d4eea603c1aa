/** How long a probe usually takes, in milliseconds. */
export interface UsualLatency {
  /** Of how many results. */
  readonly count: number;
  /** What they come to in the long run: each moves it by a tenth at the most, so that single slow ones do not count. */
  readonly running: number;
  /**
   * For a screen: it stays while the running one is near, as a figure that always moves has the screen drawn for ever.
   * Not set until there are enough results.
   */
  readonly told?: number;
}

const part = 0.1;
/** So many results say what is usual. */
const fewest = 10;
/** So far may the running one go from what is told, in milliseconds or as a part of it. */
const near = 5;
const nearPart = 0.5;

/** What is usual after one more result. @param latency milliseconds */
export function usualAfter(known: UsualLatency | undefined, latency: number): UsualLatency {
  if (!known) return { count: 1, running: latency };
  const count = known.count + 1;
  const step = Math.max(1, known.running * part);
  const running = known.running + Math.min(step, Math.max(-step, latency - known.running));
  if (count < fewest) return { count, running };
  const { told = running } = known;
  const isNear = Math.abs(running - told) <= Math.max(near, told * nearPart);
  return { count, running, told: Math.round(isNear ? told : running) };
}
