/** What tells where the user's desktop is. */
export interface Desktop {
  /** As `process.platform` has it. */
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Is this a session of another machine's terminal? Programs here then act on a desktop that nobody looks at. */
export const isRemote = ({ env }: Desktop): boolean => Boolean(env['SSH_CONNECTION'] || env['SSH_TTY']);

/** Windows' programs can be started: on Windows, and in its subsystem for Linux. */
export const hasWindows = ({ platform, env }: Desktop): boolean =>
  platform === 'win32' || Boolean(env['WSL_DISTRO_NAME']);

/** Is there a graphical session that programs started here can reach? X11 may be forwarded over SSH. */
export function hasDisplay(desktop: Desktop): boolean {
  const { platform, env } = desktop;
  if (platform === 'darwin' || hasWindows(desktop)) return !isRemote(desktop);
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** A program of the desktop, and what it reads. */
export interface DesktopProgram {
  readonly file: string;
  readonly args: readonly string[];
}
