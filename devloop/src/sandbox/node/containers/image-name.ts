/** The form of an image reference. https://github.com/docker/distribution/blob/v2.7.1/reference/regexp.go */
const path = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
/** Only with a dot or a port, or as `localhost`, is the first part a registry. */
const domain = '(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|(?:localhost|[a-zA-Z0-9.-]+):\\d+)';
const reference = new RegExp(`^(?:${domain}/)?${path}(?:/${path})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`);

/** What is wrong with an image's name, in Docker's words; undefined when nothing is. */
export function imageNameError(name: string): string | undefined {
  if (reference.test(name)) return undefined;
  const why = /[A-Z]/.test(remoteName(name)) ? ': repository name must be lowercase' : '';
  return `Failed to apply default image tag "${name}": couldn't parse image reference "${name}": invalid reference format${why}`;
}

/**
 * A name without its registry and tag: it is looked at before the whole.
 * https://github.com/docker/distribution/blob/v2.7.1/reference/normalize.go
 */
function remoteName(name: string): string {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const rest = first === 'localhost' || /[.:]/.test(first) ? name.slice(slash + 1) : name;
  return rest.split(':', 1)[0] ?? '';
}

/** The pull policy when the spec has none: Always for `latest`. */
export function pullPolicyOf(image: string, policy: string | undefined): string {
  if (policy) return policy;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}
