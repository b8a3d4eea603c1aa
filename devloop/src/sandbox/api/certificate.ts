import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface ServerCertificate {
  /** PEM of the private key. */
  readonly key: string;
  /** PEM of the certificate, which signs itself: clients take it as their authority. */
  readonly cert: string;
}

const hour = 3_600_000;
/** Milliseconds; a sandbox makes a new one at each start. */
const lifetime = 10 * 365 * 24 * hour;

/**
 * A certificate for a server on 127.0.0.1. Clients of Kubernetes send a token over TLS only.
 * X.509: https://www.rfc-editor.org/rfc/rfc5280#section-4.1; DER: https://www.itu.int/rec/T-REC-X.690
 * @param now epoch milliseconds
 */
export function createCertificate(now: number): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(objectId('2.5.4.3'), utf8('devloop sandbox'))));
  const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.of(2))), // version 3
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])), // serial number
    ecdsaWithSha256,
    name,
    sequence(time(now - hour), time(now + lifetime)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(isAuthority(), alternativeNames())),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = sequence(toBeSigned, ecdsaWithSha256, bits(signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

const isAuthority = () =>
  sequence(objectId('2.5.29.19'), value(0x01, Buffer.of(0xff)), octets(sequence(value(0x01, Buffer.of(0xff)))));

function alternativeNames(): Buffer {
  const localhost = value(0x82, Buffer.from('localhost'));
  const loopback = value(0x87, Buffer.of(127, 0, 0, 1));
  return sequence(objectId('2.5.29.17'), octets(sequence(localhost, loopback)));
}

/** A DER value: its tag, its length, its content. */
function value(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const digits = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length), digits, body]);
}

const sequence = (...items: readonly Buffer[]) => value(0x30, ...items);
const set = (...items: readonly Buffer[]) => value(0x31, ...items);
const integer = (bytes: Buffer) => value(0x02, bytes);
const octets = (bytes: Buffer) => value(0x04, bytes);
const bits = (bytes: Buffer) => value(0x03, Buffer.of(0), bytes);
const utf8 = (text: string) => value(0x0c, Buffer.from(text));
const tagged = (number: number, content: Buffer) => value(0xa0 | number, content);
const time = (ms: number) => value(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`));

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return value(0x06, Buffer.of(first * 40 + second, ...bytes));
}
