import { type Desktop, type DesktopProgram, hasDisplay, hasWindows } from './desktop.ts';
import type { RunDesktopProgram } from './run-program.ts';

/** Is it a page of this machine? Nothing else is ever opened: a chart may put any URL on the screen. */
export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return false;
  return /^(localhost|([a-z0-9-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

/** What opens a URL on this desktop; undefined where there is none that the user looks at. */
export function browserProgram(url: string, desktop: Desktop): DesktopProgram | undefined {
  if (!hasDisplay(desktop)) return undefined;
  if (desktop.platform === 'darwin') return { file: 'open', args: [url] };
  // No `start`: it is cmd's own, and cmd gives & and ^ in a URL a meaning.
  if (hasWindows(desktop)) return { file: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', url] };
  return { file: 'xdg-open', args: [url] };
}

/**
 * Opens a URL of this machine in the desktop's browser.
 * @returns undefined when it did, else why not
 */
export async function openUrl(url: string, desktop: Desktop, run: RunDesktopProgram): Promise<string | undefined> {
  if (!isLoopbackUrl(url)) return 'it is no http address of this machine';
  const program = browserProgram(new URL(url).href, desktop);
  if (!program) return 'there is no desktop here';
  return (await run(program)) ? undefined : `${program.file} did not work`;
}
