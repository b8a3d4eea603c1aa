/** Lets everything that waits for nothing but promises and immediates run. */
export async function settle(rounds = 5): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

const pollMs = 2;
const patienceMs = 10_000;

/** Resolves when the condition holds; throws after 10 s. For what a real socket, process or watcher does in its own time. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, pollMs));
  }
}

/** A promise and what settles it. */
export interface Gate<T> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (error: unknown) => void;
}

export function createGate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  promise.catch(() => {});
  return { promise, open, fail };
}
