import { spawn } from 'node:child_process';
import type { DesktopProgram } from './desktop.ts';

/** A program of the desktop that has not ended by then is at work, and is left to it. Milliseconds. */
const patienceMs = 2000;

/** Starts a program and gives it a text; resolves to whether it did its work. */
export type RunDesktopProgram = (program: DesktopProgram, input?: string) => Promise<boolean>;

/**
 * Runs a program of the desktop. It keeps neither devloop's terminal nor devloop itself: xclip stays until another
 * program has something to copy, and a browser until it is closed.
 */
export const runDesktopProgram: RunDesktopProgram = ({ file, args }, input = '') =>
  new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    const timer = setTimeout(() => resolve(true), patienceMs);
    const done = (worked: boolean) => {
      clearTimeout(timer);
      resolve(worked);
    };
    child.on('error', () => done(false));
    child.on('exit', (code) => done(code === 0));
    // One that does not read its input to the end breaks the pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.unref();
  });
