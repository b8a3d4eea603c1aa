import messages from './messages.json' with { type: 'json' };
import { signed, wireFields } from './wire.ts';

export type Fields = Record<string, unknown>;

/**
 * Messages by name, their fields by number: the name in JSON and the type, from the struct tags of
 * https://github.com/kubernetes/api at v0.35.0. `[]` and `{}` are lists and maps of what follows; `?` leaves zero values
 * out, as Go's `omitempty` does; `+` puts the message's fields into its owner's.
 */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = messages;

/** @returns undefined for a message that is not known; fields that are not known are left out */
export function decodeMessage(message: string, bytes: Buffer): Fields | undefined {
  const types = known[message];
  if (!types) return undefined;
  const fields: Fields = {};
  for (const { number, value } of wireFields(bytes)) {
    const [name = '', full = ''] = types[number]?.split(' ') ?? [];
    const type = full.replace(/[?+]$/, '');
    if (full.endsWith('+')) Object.assign(fields, decodeValue(type, value));
    else if (type.startsWith('[]'))
      fields[name] = [...((fields[name] as unknown[]) ?? []), decodeValue(type.slice(2), value)];
    else if (type.startsWith('{}'))
      fields[name] = { ...(fields[name] as object), ...decodeEntry(type.slice(2), value) };
    else if (type !== '') setField(fields, name, decodeValue(type, value), full.endsWith('?'));
  }
  return fields;
}

function setField(fields: Fields, name: string, value: unknown, omitZero: boolean): void {
  const isZero = value === '' || value === 0 || value === false || isEmpty(value);
  if (value !== undefined && !(omitZero && isZero)) fields[name] = value;
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function decodeEntry(type: string, value: bigint | Buffer): Fields {
  let key = '';
  let item: unknown = type === 'string' || type === 'bytes' ? '' : {};
  for (const part of partsOf(value)) {
    if (part.number === 1) key = part.value.toString();
    if (part.number === 2) item = decodeValue(type, part.value);
  }
  return { [key]: item };
}

/** A value as it is in JSON; undefined for none, as the zero time is. */
function decodeValue(type: string, value: bigint | Buffer): unknown {
  switch (type) {
    case 'string':
      return value.toString();
    case 'bytes':
      return typeof value === 'bigint' ? '' : value.toString('base64');
    case 'int':
      return signed(value);
    case 'bool':
      return value !== 0n;
    case 'double':
      return typeof value === 'bigint' ? 0 : value.readDoubleLE();
    case 'Time':
      return timeOf(value, (iso) => iso.replace(/\.\d+Z$/, 'Z'));
    case 'MicroTime':
      return timeOf(value, (iso) => iso.replace('Z', '000Z'));
    case 'Duration':
      return `${partsOf(value).map((part) => signed(part.value) / 1e9)[0] ?? 0}s`;
    case 'Quantity':
      return partsOf(value)[0]?.value.toString() ?? '0';
    case 'IntOrString':
      return intOrString(value);
    case 'Raw':
      return JSON.parse(partsOf(value)[0]?.value.toString() || 'null');
    case 'Items':
      return partsOf(value).map((part) => part.value.toString());
    default:
      return typeof value === 'bigint' ? undefined : decodeMessage(type, value);
  }
}

const partsOf = (value: bigint | Buffer) => (typeof value === 'bigint' ? [] : [...wireFields(value)]);

function timeOf(value: bigint | Buffer, format: (iso: string) => string): string | undefined {
  const [seconds, nanos] = [1, 2].map((wanted) => {
    const found = partsOf(value).find(({ number }) => number === wanted);
    return found ? signed(found.value) : 0;
  });
  // Go's zero time is no time at all.
  if (partsOf(value).length === 0 || (seconds ?? 0) < 0) return undefined;
  return format(new Date((seconds ?? 0) * 1000 + Math.floor((nanos ?? 0) / 1e6)).toISOString());
}

/** Its kind decides: 0 is the number, 1 the text. */
function intOrString(value: bigint | Buffer): number | string {
  const parts = new Map(partsOf(value).map((part) => [part.number, part.value]));
  return parts.get(1) === 1n ? (parts.get(3)?.toString() ?? '') : signed(parts.get(2) ?? 0n);
}
