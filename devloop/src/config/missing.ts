import path from 'node:path';
import { type Fault, usageFault } from '../model/errors.ts';

/** The fault for a file that the configuration names and that is not there. @param field where it names it */
export const missing = (root: string, what: string, file: string, field: string): Fault =>
  usageFault({
    title: `${what} is missing`,
    why: `${path.relative(root, file) || file} does not exist`,
    fix: `Correct ${field} in the configuration, or add the file.`,
  });
