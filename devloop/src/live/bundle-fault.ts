import path from 'node:path';
import type { BuildFailure, Message } from 'esbuild';
import { type Fault, messageOf, outsideFault } from '../model/errors.ts';

/** The fault for a bundle that esbuild did not make. @param error what it was rejected with */
export function bundleFault(entry: string, error: unknown): Fault {
  const errors = (error as Partial<BuildFailure>).errors ?? [];
  const evidence = errors.flatMap(describe);
  return outsideFault({
    title: `The bundle of ${path.basename(entry)} failed`,
    why: evidence[0] ?? messageOf(error),
    fix: errors.some(isMissingPackage)
      ? 'Install the packages on this machine too (npm ci), or name those of the image in live.bundle.external.'
      : 'Correct it and save: the next change tries again. The pods that run are untouched.',
    evidence,
  });
}

const isMissingPackage = ({ text }: Message): boolean => /^Could not resolve "[^./"]/.test(text);

/** As compilers print it: place and message, the line, and a mark under the spot. */
function describe({ text, location }: Message): string[] {
  if (!location) return [text];
  const mark = ' '.repeat(location.column) + '^'.repeat(Math.max(1, location.length));
  return [`${location.file}:${location.line}:${location.column}: ${text}`, location.lineText, mark];
}
