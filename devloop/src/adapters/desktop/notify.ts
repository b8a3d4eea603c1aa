import { sanitizeLine } from '../../lib/sanitize.ts';
import { type Desktop, type DesktopProgram, hasDisplay } from './desktop.ts';
import { bell, notificationEscape } from './escapes.ts';
import type { RunDesktopProgram } from './run-program.ts';

// The text is an argument of the script, never part of it.
const appleScript = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];

/** What shows a notification on this desktop; undefined where only the terminal can. */
export function notificationProgram(title: string, body: string, desktop: Desktop): DesktopProgram | undefined {
  if (!hasDisplay(desktop)) return undefined;
  if (desktop.platform === 'darwin')
    return { file: 'osascript', args: [...appleScript.flatMap((line) => ['-e', line]), '--', title, body] };
  if (desktop.platform === 'linux' && (desktop.env['DISPLAY'] || desktop.env['WAYLAND_DISPLAY']))
    return { file: 'notify-send', args: ['--app-name=devloop', '--', title, body] };
  return undefined;
}

/** Rings the terminal's bell, or shows a notification: by the desktop, else by the terminal. @param write to the terminal */
export async function notify(
  as: 'bell' | 'desktop',
  title: string,
  body: string,
  desktop: Desktop,
  run: RunDesktopProgram,
  write: (text: string) => void,
): Promise<void> {
  if (as === 'bell') {
    write(bell);
    return;
  }
  const [cleanTitle, cleanBody] = [sanitizeLine(title), sanitizeLine(body)];
  const program = notificationProgram(cleanTitle, cleanBody, desktop);
  if (program && (await run(program))) return;
  write(notificationEscape(cleanTitle, cleanBody, desktop));
}
