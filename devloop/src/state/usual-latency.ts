/** How long a probe usually takes, in milliseconds. */
export interface UsualLatency {
  /** What results come to in the long run: each moves it by a tenth at the most, so that single slow ones do not count. */
  readonly running: number;
  /** For a screen: it stays while the running one is near, as a figure that always moves has the screen drawn for ever. */
  readonly told: number;
}

const part = 0.1;
/** So far may the running one go from what is told, in milliseconds or as a part of it. */
const near = 10;
const nearPart = 0.5;

/** What is usual after one more result. @param latency milliseconds */
export function usualAfter(known: UsualLatency | undefined, latency: number): UsualLatency {
  if (!known) return { running: latency, told: latency };
  const step = Math.max(1, known.running * part);
  const running = known.running + Math.min(step, Math.max(-step, latency - known.running));
  const isNear = Math.abs(running - known.told) <= Math.max(near, known.told * nearPart);
  return { running, told: isNear ? known.told : Math.round(running) };
}
