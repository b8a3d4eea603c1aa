import { decodeMessage, type Fields } from './decode-message.ts';
import { wireFields } from './wire.ts';

/** What precedes every protobuf body. https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding */
const magic = Buffer.from('k8s\0');

/**
 * Reads an object in Kubernetes' protobuf encoding: helm and kubectl send Secrets and what `kubectl create` makes in it.
 * @returns the object as it is in JSON; undefined for a kind that is not served
 * @throws RangeError when it is none
 */
export function decodeObject(bytes: Buffer): Fields | undefined {
  if (!bytes.subarray(0, 4).equals(magic))
    throw new RangeError('provided data does not appear to be a protobuf message');
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, value } of wireFields(bytes.subarray(4))) {
    if (typeof value === 'bigint') continue;
    if (number === 2) raw = value;
    if (number !== 1) continue;
    for (const part of wireFields(value)) {
      if (part.number === 1) apiVersion = part.value.toString();
      if (part.number === 2) kind = part.value.toString();
    }
  }
  const fields = decodeMessage(messageOf(apiVersion, kind), raw);
  return fields && { apiVersion, kind, ...fields };
}

/** `rbac/v1.Role`: by the first word of the group, as the packages of https://github.com/kubernetes/api are named. */
function messageOf(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return 'meta/v1.DeleteOptions';
  const [version, group = 'core'] = apiVersion.split('/').reverse();
  return `${group.split('.')[0]}/${version}.${kind}`;
}
