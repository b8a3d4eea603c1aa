import type { CommandRecord, CommandSubject } from '../model/operation.ts';
import type { LoopState } from './state.ts';

/** The commands that were run for a service, its image, its pods or its release, oldest first. */
export const commandsOf = (state: LoopState, service: string): readonly CommandRecord[] =>
  state.commands.filter(({ about }) => about !== undefined && isFor(about, state, service));

function isFor(about: CommandSubject, state: LoopState, name: string): boolean {
  if ('service' in about) return about.service === name;
  if ('pod' in about) return ownerOf(about.pod, state) === name;
  const { release, image } = state.services[name]?.spec ?? {};
  if ('release' in about) return about.release === release;
  return image !== undefined && about.image.startsWith(`${image.repository}:`);
}

/** The service of a pod that may be gone: its name begins with that of its workload, as those of other pods may too. */
const ownerOf = (pod: string, { workloads }: LoopState): string | undefined =>
  Object.values(workloads)
    .filter((workload) => pod.startsWith(`${workload.name}-`))
    .sort((a, b) => b.name.length - a.name.length)[0]?.service;
