import path from 'node:path';
import { usageFault } from '../model/errors.ts';

/**
 * @param file absolute; what a service names
 * @param what it is, for the fault
 * @param field where the service names it: `sandbox.folder`
 * @throws Fault (usage) when it is not part of the build context, whose changes alone are seen
 */
export function requireInContext(service: string, context: string, file: string, what: string, field: string): void {
  const relative = path.relative(context, file);
  if (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)) return;
  throw usageFault({
    title: `${what} is outside of its image's context`,
    why: `${file} is not in ${context}, so that its changes would not be seen`,
    fix: `Correct services.${service}.${field}, or services.${service}.image.context.`,
  });
}
