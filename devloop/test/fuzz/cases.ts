import fc from 'fast-check';

/** So many cases of each fuzz: few in `npm test`, 10,000 in `npm run fuzz`. The same seed makes the same cases. */
export const cases = Number(process.env['FUZZ_CASES'] ?? 200);
export const parameters = { numRuns: cases, seed: Number(process.env['FUZZ_SEED'] ?? 20_261_121) };

/** A test of so many cases may take as long. Milliseconds. */
export const timeout = 20_000 + cases * 60;

/** A case that takes longer hangs. Milliseconds. */
const deadline = 5000;

/** Fails when the work does not end in its time. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it takes over ${deadline} ms`)), deadline);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes that are mostly those of a real message, changed here and there. */
export const damaged = (messages: readonly Uint8Array[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...messages), { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('change', 'insert', 'delete', 'cut' as const)), {
        maxLength: 4,
      }),
    )
    .map(([parts, changes]) => {
      let bytes = Buffer.concat(parts);
      for (const [place, byte, how] of changes) {
        const at = bytes.length === 0 ? 0 : place % bytes.length;
        const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
        if (how === 'insert') bytes = Buffer.concat([before, Buffer.from([byte]), after]);
        else if (how === 'delete') bytes = Buffer.concat([before, after.subarray(1 + (byte % 8))]);
        else if (how === 'cut') bytes = Buffer.from(before);
        else if (bytes.length > 0) bytes = Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
      }
      return bytes;
    });

/** The bytes in the pieces in which a network brings them. */
export const pieces = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer[]> =>
  fc.tuple(bytes, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 })).map(([all, sizes]) => {
    const made: Buffer[] = [];
    for (let at = 0, turn = 0; at < all.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      made.push(all.subarray(at, at + size));
      at += size;
    }
    return made;
  });

/** Text of all kinds: printable, control characters, half of a surrogate pair. */
export const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
