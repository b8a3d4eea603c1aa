import type { ProjectSpec } from '../model/project.ts';

/** The values that the variables which the configuration calls secret have on this machine and in the sandbox. */
export const declaredSecrets = ({ secretEnv, services }: ProjectSpec): string[] =>
  secretEnv
    .flatMap((name) => [process.env[name], ...services.map(({ image }) => image?.recipe?.env?.[name])])
    // What has the name of something that every object has is no text.
    .filter((value) => typeof value === 'string');
