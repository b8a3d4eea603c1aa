// The forms of names, and the sentences about wrong ones.
// https://github.com/kubernetes/apimachinery/blob/v0.20.2/pkg/util/validation/validation.go

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

type Check = (value: string) => string[];

/** A check that answers no sentence when the value is right, else one for each thing that is wrong. */
function form(pattern: string, most: number | undefined, sentence: string, examples: readonly string[]): Check {
  const whole = new RegExp(`^(?:${pattern})$`);
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return (value) => [
    ...(most !== undefined && Buffer.byteLength(value) > most ? [`must be no more than ${most} characters`] : []),
    ...(whole.test(value) ? [] : [`${sentence} (e.g. ${list}regex used for validation is '${pattern}')`]),
  ];
}

/** Names of containers, ports' hosts, namespaces. */
export const dns1123Label = form(
  label,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  ['my-name', '123-abc'],
);

/** Names of most objects. */
export const dns1123Subdomain = form(
  subdomain,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  ['example.com'],
);

/** Names of Services. */
export const dns1035Label = form(
  label1035,
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  ['my-name', 'abc-123'],
);

const namePart = form(
  qualified,
  63,
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  ['MyName', 'my.name', '123-abc'],
);

export const labelValue = form(
  `(${qualified})?`,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  ['MyValue', 'my_value', '12345'],
);

export const envName = form(
  '[-._a-zA-Z][-._a-zA-Z0-9]*',
  undefined,
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  ['my.env-name', 'MY_ENV.NAME', 'MyEnvName1'],
);

/** Keys of ConfigMaps and Secrets. */
export function configKey(key: string): string[] {
  if (key === '.' || key === '..') return [`must not be '${key}'`];
  if (key.startsWith('..')) return ["must not start with '..'"];
  return plainConfigKey(key);
}

const plainConfigKey = form(
  '[-._a-zA-Z0-9]+',
  253,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  ['key.name', 'KEY_NAME', 'key-name'],
);

/** `app.kubernetes.io/name`: keys of labels and annotations. */
export function qualifiedName(key: string): string[] {
  const [prefix = '', name, ...more] = key.split('/');
  if (more.length > 0)
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
        `alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualified}') ` +
        "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  const own = name ?? prefix;
  return [
    ...(name === undefined
      ? []
      : prefix === ''
        ? ['prefix part must be non-empty']
        : dns1123Subdomain(prefix).map((one) => `prefix part ${one}`)),
    ...(own === '' ? ['name part must be non-empty'] : []),
    ...namePart(own).map((one) => `name part ${one}`),
  ];
}

/** Names of ports: at most 15 characters, with a letter. */
export function portName(name: string): string[] {
  return [
    ...(name.length > 15 ? ['must be no more than 15 characters'] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter or number (a-z, 0-9)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(name.startsWith('-') || name.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
  ];
}

/** @returns no sentence for 1 to 65535 */
export const portNumber = (port: number): string[] =>
  port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive'];

/** Names of RBAC objects: anything that can stand in a path. */
export function pathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((letter) => name.includes(letter)).map((letter) => `may not contain '${letter}'`);
}
