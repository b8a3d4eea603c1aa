// "The entire contents of the name/value header block is compressed using zlib deflate. There is a single zlib stream
// (context) for all name value pairs in one direction on a connection. SPDY uses a SYNC_FLUSH between each compressed
// frame." https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/#TOC-2.6.10.1-Compression

/** CMF and FLG with FDICT, then the Adler-32 of SPDY/3's dictionary: how the zlib stream of each direction begins. */
const zlibHeader = Buffer.from([0x78, 0xbb, 0xe3, 0xc6, 0xa7, 0xc2]);
/** A stored block of deflate (RFC 1951, 3.2.4) says its length in two bytes. */
const maxStored = 0xffff;

/**
 * Writes the header blocks of one direction of a connection.
 *
 * The headers of a forwarded connection are some 60 bytes and go to the machine next door: each block is deflate's
 * stored form, which every inflater reads, and which needs no state and no trip through zlib's threads. An empty stored
 * block is what a SYNC_FLUSH leaves; without it Go's inflater waits for more.
 */
export class HeaderBlockWriter {
  #begun = false;

  /** @throws RangeError above 64 KiB of headers */
  write(headers: Readonly<Record<string, string>>): Buffer {
    const plain = plainBlock(headers);
    if (plain.length > maxStored) throw new RangeError(`${plain.length} bytes of SPDY headers`);
    const parts = [stored(plain), stored(Buffer.alloc(0))];
    if (!this.#begun) parts.unshift(zlibHeader);
    this.#begun = true;
    return Buffer.concat(parts);
  }
}

/** How many, and then each name and value after its length. Names are lower case on the wire. */
function plainBlock(headers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(headers);
  return Buffer.concat([
    word(entries.length),
    ...entries.flatMap(([name, value]) => [...text(name.toLowerCase()), ...text(value)]),
  ]);
}

function text(value: string): Buffer[] {
  const bytes = Buffer.from(value, 'utf8');
  return [word(bytes.length), bytes];
}

function word(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function stored(content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(content.length, 1);
  head.writeUInt16LE(~content.length & 0xffff, 3);
  return Buffer.concat([head, content]);
}
