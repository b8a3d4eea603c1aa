import { describe, expect, it } from '@jest/globals';
import { clipboardPrograms, copyText } from '../../src/adapters/desktop/clipboard.ts';
import type { Desktop, DesktopProgram } from '../../src/adapters/desktop/desktop.ts';
import { clipboardEscape, notificationEscape } from '../../src/adapters/desktop/escapes.ts';
import { notificationProgram, notify } from '../../src/adapters/desktop/notify.ts';
import { browserProgram, isLoopbackUrl, openUrl } from '../../src/adapters/desktop/open-url.ts';
import { runDesktopProgram } from '../../src/adapters/desktop/run-program.ts';
import { createTempFolder } from '../fakes/temp-folder.ts';

const linux = (env: Desktop['env'] = {}): Desktop => ({ platform: 'linux', env });
const mac = (env: Desktop['env'] = {}): Desktop => ({ platform: 'darwin', env });
const x11 = linux({ DISPLAY: ':0' });
const ssh = { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' };

/** Programs of a desktop, of which only those named are installed. */
function fakePrograms(...installed: readonly string[]) {
  const runs: { readonly program: DesktopProgram; readonly input: string | undefined }[] = [];
  const run = async (program: DesktopProgram, input?: string) => {
    if (installed.includes(program.file)) runs.push({ program, input });
    return installed.includes(program.file);
  };
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  return { run, runs, write, written: () => written };
}

describe('the clipboard', () => {
  it.each<[string, Desktop, string[]]>([
    ['macOS', mac(), ['pbcopy']],
    ['macOS over SSH, whose desktop is another', mac(ssh), []],
    ['Windows', { platform: 'win32', env: {} }, ['clip.exe']],
    ['Linux in Windows', linux({ WSL_DISTRO_NAME: 'Ubuntu' }), ['clip.exe']],
    ['Wayland', linux({ WAYLAND_DISPLAY: 'wayland-0' }), ['wl-copy']],
    ['Wayland with X11', linux({ WAYLAND_DISPLAY: 'w', DISPLAY: ':0' }), ['wl-copy', 'xclip', 'xsel']],
    ['X11', x11, ['xclip', 'xsel']],
    ['X11 that SSH forwards', linux({ ...ssh, DISPLAY: 'localhost:10.0' }), ['xclip', 'xsel']],
    ['Linux without a display', linux(), []],
    ['Linux over SSH', linux(ssh), []],
  ])('of %s is set by', (_, desktop, files) => {
    expect(clipboardPrograms(desktop).map(({ file }) => file)).toEqual(files);
  });

  it('takes the first program that works', async () => {
    const { run, runs, write, written } = fakePrograms('xsel');
    expect(await copyText('text', x11, run, write)).toEqual({ by: 'xsel' });
    expect(runs).toEqual([{ program: { file: 'xsel', args: ['--clipboard', '--input'] }, input: 'text' }]);
    expect(written()).toBe('');
  });

  it('is the terminal’s where no program works', async () => {
    const { run, write, written } = fakePrograms();
    expect(await copyText('héllo', x11, run, write)).toEqual({ by: 'terminal' });
    expect(written()).toBe('\u001b]52;c;aMOpbGxv\u0007');
  });

  it('of the terminal goes through tmux, and to tmux itself', () => {
    expect(clipboardEscape('a', linux({ TMUX: '/tmp/tmux-0/default,1,0' }))).toBe(
      '\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\\u001b]52;c;YQ==\u0007',
    );
  });

  it('of the terminal takes so much and no more', async () => {
    expect(clipboardEscape('x'.repeat(56_000), linux())).toBeDefined();
    const { run, write, written } = fakePrograms();
    expect(await copyText('x'.repeat(56_500), linux(), run, write)).toMatchObject({ by: 'none' });
    expect(written()).toBe('');
  });
});

describe('a URL', () => {
  it.each([
    ['http://localhost:4000', true],
    ['https://127.0.0.1:8443/a?b=c&d', true],
    ['http://127.1.2.3/', true],
    ['http://[::1]:80/', true],
    ['http://app.localhost:3000/', true],
    ['http://localhost.example.com/', false],
    ['http://example.com/', false],
    ['http://localhost@example.com/', false],
    ['http://user:secret@localhost/', false],
    ['http://192.168.0.1/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['vscode://localhost', false],
    ['--help', false],
    ['', false],
  ])('%s is opened: %s', (url, isOpened) => {
    expect(isLoopbackUrl(url)).toBe(isOpened);
  });

  it.each<[string, Desktop, string | undefined]>([
    ['macOS', mac(), 'open'],
    ['X11', x11, 'xdg-open'],
    ['Windows', { platform: 'win32', env: {} }, 'rundll32.exe'],
    ['Linux in Windows', linux({ WSL_DISTRO_NAME: 'Ubuntu' }), 'rundll32.exe'],
    ['Linux without a display', linux(), undefined],
    ['macOS over SSH', mac(ssh), undefined],
  ])('is opened on %s by', (_, desktop, file) => {
    expect(browserProgram('http://localhost:1/', desktop)?.file).toBe(file);
  });

  it('that was not opened says why', async () => {
    const { run, runs } = fakePrograms('xdg-open');
    expect(await openUrl('http://example.com', x11, run)).toBe('it is no http address of this machine');
    expect(await openUrl('http://localhost:1', linux(), run)).toBe('there is no desktop here');
    expect(await openUrl('http://localhost:1', mac(), run)).toBe('open did not work');
    expect(runs).toEqual([]);
    expect(await openUrl('http://localhost:1', x11, run)).toBeUndefined();
    expect(runs).toEqual([{ program: { file: 'xdg-open', args: ['http://localhost:1/'] }, input: undefined }]);
  });
});

describe('a notification', () => {
  it('is the bell where that is wanted', async () => {
    const { run, runs, write, written } = fakePrograms('notify-send');
    await notify('bell', 'a', 'b', x11, run, write);
    expect([written(), runs]).toEqual(['\u0007', []]);
  });

  it.each<[string, Desktop, string | undefined]>([
    ['X11', x11, 'notify-send'],
    ['macOS', mac(), 'osascript'],
    ['Linux without a display', linux(), undefined],
    ['Windows', { platform: 'win32', env: {} }, undefined],
  ])('of %s is shown by', (_, desktop, file) => {
    expect(notificationProgram('title', 'body', desktop)?.file).toBe(file);
  });

  it('gives its text as arguments, never as a script or an option', () => {
    const text = '"; do shell script "id';
    expect(notificationProgram(text, '--hint', mac())?.args.slice(-3)).toEqual(['--', text, '--hint']);
    expect(notificationProgram('--version', text, x11)?.args).toEqual(['--app-name=devloop', '--', '--version', text]);
  });

  it('goes to the terminal where no program shows it, free of control sequences', async () => {
    const { run, write, written } = fakePrograms();
    await notify('desktop', 'backend\u0007 has failed', 'a;b\u001b[31m', x11, run, write);
    expect(written()).toBe('\u001b]777;notify;backend has failed;a,b\u0007');
  });

  it.each([
    [{ TERM_PROGRAM: 'iTerm.app' }, '\u001b]9;t: b\u0007'],
    [{ TERM: 'xterm-kitty' }, '\u001b]9;t: b\u0007'],
    [{ TERM: 'foot' }, '\u001b]777;notify;t;b\u0007'],
    [{ TMUX: 'x' }, '\u001bPtmux;\u001b\u001b]777;notify;t;b\u0007\u001b\\\u001b]777;notify;t;b\u0007'],
  ])('of a terminal with %j', (env, sequence) => {
    expect(notificationEscape('t', 'b', linux(env))).toBe(sequence);
  });
});

describe('a program of the desktop', () => {
  it('gets its input, and tells whether it worked', async () => {
    const folder = createTempFolder({});
    const copy = { file: 'sh', args: ['-c', 'cat > "$0"', folder.path('out')] };
    expect(await runDesktopProgram(copy, 'a text')).toBe(true);
    expect(await runDesktopProgram({ file: 'grep', args: ['-q', 'a text', folder.path('out')] })).toBe(true);
    expect(await runDesktopProgram({ file: 'sh', args: ['-c', 'exit 3'] }, 'x'.repeat(1_000_000))).toBe(false);
    expect(await runDesktopProgram({ file: 'devloop-no-such-program', args: [] })).toBe(false);
    folder.remove();
  });
});
