/** A field of a protobuf message as it is on the wire: a number, or the bytes of something longer. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/**
 * Takes a protobuf message apart. https://protobuf.dev/programming-guides/encoding/
 * @throws RangeError when it is cut off, or has groups, which nobody writes any more
 */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('unexpected EOF');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(Number(varint())) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        throw new RangeError('illegal wire type');
    }
  }
}

/** A whole number with a sign, as Go's int64 is written. */
export const signed = (value: bigint | Buffer): number =>
  typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0;
