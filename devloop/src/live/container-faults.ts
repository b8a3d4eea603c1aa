import path from 'node:path';
import { type Fault, outsideFault, usageFault } from '../model/errors.ts';

/** A runner's `no`. */
export interface Refusal {
  /** `EACCES`, `ENOSPC`; `FAILED` when it is not the system's word. */
  readonly code: string;
  readonly message: string;
}

export const brokenFault = (pod: string, why: string): Fault =>
  outsideFault({ title: `The connection to pod ${pod} broke`, why });

const textOf = ({ code, message }: Refusal) => (code === 'FAILED' ? message : `${code}: ${message}`);

/** A command that is not there is the user's; the rest is nobody's here. */
export function refusalFault(title: string, refusal: Refusal): Fault {
  const make = ['ENOENT', 'EACCES', 'EPERM'].includes(refusal.code) ? usageFault : outsideFault;
  return make({ title, why: textOf(refusal) });
}

/** A path that could not be changed. @param others more of them, as evidence */
export function writeFault(
  pod: string,
  first: Refusal & { readonly path: string },
  others: readonly (Refusal & { readonly path: string })[],
): Fault {
  const fix = fixOf(first.code, path.posix.dirname(first.path));
  return usageFault({
    title: `Cannot write ${first.path} in pod ${pod}`,
    why: textOf(first),
    ...(fix === undefined ? {} : { fix }),
    ...(others.length === 0 ? {} : { evidence: others.slice(0, 10).map((each) => `${each.path}: ${textOf(each)}`) }),
  });
}

function fixOf(code: string, folder: string): string | undefined {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `In the Dockerfile, give ${folder} to the container's user: COPY --chown=USER, or RUN chown -R USER ${folder}`;
    case 'EROFS':
      return `In the development values, set securityContext.readOnlyRootFilesystem to false, or mount an emptyDir at ${folder}`;
    case 'ENOSPC':
      return 'Make room on the disk of the node, or raise the size limit of the volume';
    default:
      return undefined;
  }
}
