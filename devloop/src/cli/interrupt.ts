export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit code of a program that the signal ended, by the shell's convention; undefined before. */
  readonly code: () => number | undefined;
  /** As if SIGINT had come: a terminal in raw mode sends Ctrl-C as a key. */
  readonly raise: () => void;
  /** Stops listening. */
  readonly stop: () => void;
}

/** Aborts when the process is asked to end; a second request ends it at once. */
export function interruptSignal(): Interrupt {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let code: number | undefined;
  const handle = (name: keyof typeof codes) => () => {
    if (code !== undefined) process.exit(codes[name]);
    code = codes[name];
    controller.abort(name);
  };
  const names = Object.keys(codes) as (keyof typeof codes)[];
  const handlers = names.map((name) => [name, handle(name)] as const);
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    signal: controller.signal,
    code: () => code,
    raise: handle('SIGINT'),
    stop: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
