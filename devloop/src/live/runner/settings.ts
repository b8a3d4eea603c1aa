import fs from 'node:fs';

export interface RunnerSettings {
  /** Program and arguments; empty when the image and the pod name none. */
  readonly program: readonly string[];
  /** The program's environment: without what is meant for the runner. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The image that the container was made of, repository:tag: what a client must know. */
  readonly image: string;
  /** What a client must give; empty when it need not. */
  readonly token: string;
}

/**
 * What the image's layer says of the container.
 * @param args the container's own arguments, which take the place of the image's command
 */
export function readSettings(args: readonly string[], own: NodeJS.ProcessEnv, cwd: string): RunnerSettings {
  const { DEVLOOP_INIT, ...rest } = own;
  const all = DEVLOOP_INIT ? (environmentOf(DEVLOOP_INIT) ?? rest) : rest;
  const { DEVLOOP_ENTRYPOINT, DEVLOOP_CMD, DEVLOOP_IMAGE, DEVLOOP_TOKEN, ...env } = all;
  const wordsOf = (json: string | undefined) => (json ? (JSON.parse(json) as string[]) : []);
  return {
    program: [...wordsOf(DEVLOOP_ENTRYPOINT), ...(args.length > 0 ? args : wordsOf(DEVLOOP_CMD))],
    env,
    cwd,
    image: DEVLOOP_IMAGE ?? '',
    token: DEVLOOP_TOKEN ?? '',
  };
}

/** The environment that a process was started with: init.sh's, as a shell passes on only what it can name itself. */
function environmentOf(pid: string): NodeJS.ProcessEnv | undefined {
  try {
    const entries = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return Object.fromEntries(
      entries.flatMap((entry) => {
        const equals = entry.indexOf('=');
        return equals > 0 ? [[entry.slice(0, equals), entry.slice(equals + 1)]] : [];
      }),
    );
  } catch {
    return undefined;
  }
}
