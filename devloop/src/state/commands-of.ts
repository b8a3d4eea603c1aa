import type { CommandRecord } from '../model/operation.ts';
import type { LoopState } from './state.ts';

/** The commands that were run for a service's image and for its release, oldest first. */
export function commandsOf({ commands, services }: LoopState, name: string): readonly CommandRecord[] {
  const { release, image } = services[name]?.spec ?? {};
  return commands.filter(({ about }) => {
    if (!about) return false;
    if ('release' in about) return about.release === release;
    return image !== undefined && about.image.startsWith(`${image.repository}:`);
  });
}
