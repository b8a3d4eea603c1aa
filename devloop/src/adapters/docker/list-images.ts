import type { RunCommand, StoredImage } from '../../engine/outside.ts';
import { isAppTag } from './runner-builds.ts';

// The fields of `docker image ls --format '{{json .}}'` that are read here.
interface ListedImage {
  readonly Repository: string;
  readonly Tag: string;
  /** `2026-01-31 14:03:22 +0100 CET` */
  readonly CreatedAt: string;
}

/** The images of these repositories, and of no other; none when docker does not say. */
export async function listImages(
  run: RunCommand,
  env: Readonly<Record<string, string>>,
  repositories: readonly string[],
  signal: AbortSignal,
): Promise<readonly StoredImage[]> {
  if (repositories.length === 0) return [];
  // Filters of one key are alternatives: https://docs.docker.com/reference/cli/docker/image/ls/#filter
  const filters = repositories.flatMap((repository) => ['--filter', `reference=${repository}`]);
  const args = ['image', 'ls', ...filters, '--format', '{{json .}}'];
  const { exitCode, stdout } = await run({ file: 'docker', args, env }, signal);
  if (exitCode !== 0) return [];
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => storedImage(JSON.parse(line) as ListedImage))
    .filter(({ repository }) => repositories.includes(repository));
}

function storedImage({ Repository: repository, Tag: tag, CreatedAt }: ListedImage): StoredImage[] {
  const createdAt = Date.parse(CreatedAt.replace(/^(\S+) (\S+) ([+-]\d\d)(\d\d).*$/, '$1T$2$3:$4'));
  // An image that lost its tag has no name to be removed by; one without a date cannot be told to be old.
  return tag === '<none>' || Number.isNaN(createdAt) ? [] : [{ repository, tag, createdAt, isLeftover: isAppTag(tag) }];
}
