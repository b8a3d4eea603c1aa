import type { ProjectSpec } from '../../model/project.ts';
import type { Pod, Secret } from './objects.ts';

/** The values of a Secret as text; what is no text only as the API writes it. A value that is a name of the project stays. */
export function secretValues({ data = {} }: Secret, project: ProjectSpec): string[] {
  const names = namesOf(project);
  return Object.values(data)
    .map(textOf)
    .filter((value) => !names.has(value));
}

/** What the pod's own specification gives the variables that the configuration calls secret. */
export function declaredValues({ spec }: Pod, { secretEnv }: ProjectSpec): string[] {
  if (secretEnv.length === 0) return [];
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return containers
    .flatMap(({ env = [] }) => env)
    .flatMap(({ name, value }) => (value && secretEnv.includes(name) ? [value] : []));
}

function textOf(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString();
  return text.includes('\ufffd') ? encoded : text;
}

const namesOf = ({ name, namespace, services, releases }: ProjectSpec): ReadonlySet<string> =>
  new Set([name, namespace, ...services.map((service) => service.name), ...releases.map((release) => release.name)]);
