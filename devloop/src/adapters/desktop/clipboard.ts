import { type Desktop, type DesktopProgram, hasDisplay, hasWindows } from './desktop.ts';
import { clipboardEscape } from './escapes.ts';
import type { RunDesktopProgram } from './run-program.ts';

/** The programs that can set this desktop's clipboard, the best first; none where the desktop is not the user's. */
export function clipboardPrograms(desktop: Desktop): DesktopProgram[] {
  if (!hasDisplay(desktop)) return [];
  if (desktop.platform === 'darwin') return [{ file: 'pbcopy', args: [] }];
  const wayland = { file: 'wl-copy', args: [] };
  const x11 = [
    { file: 'xclip', args: ['-selection', 'clipboard'] },
    { file: 'xsel', args: ['--clipboard', '--input'] },
  ];
  return [
    ...(hasWindows(desktop) ? [{ file: 'clip.exe', args: [] }] : []),
    ...(desktop.env['WAYLAND_DISPLAY'] ? [wayland] : []),
    ...(desktop.env['DISPLAY'] ? x11 : []),
  ];
}

/** How a text got into the clipboard: by a program, by the terminal (who cannot say whether it did), or not at all. */
export type Copied =
  | { readonly by: string }
  | { readonly by: 'terminal' }
  | { readonly by: 'none'; readonly why: string };

/** Puts a text into the clipboard. @param write to the terminal */
export async function copyText(
  text: string,
  desktop: Desktop,
  run: RunDesktopProgram,
  write: (text: string) => void,
): Promise<Copied> {
  for (const program of clipboardPrograms(desktop)) if (await run(program, text)) return { by: program.file };
  const sequence = clipboardEscape(text, desktop);
  if (sequence === undefined) return { by: 'none', why: 'it is too long for the terminal, and no program took it' };
  write(sequence);
  return { by: 'terminal' };
}
