import http from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Something that goes through a forwarded port of the fixture `transfer`. */
export interface Transfer {
  readonly title: string;
  /** In both directions together; undefined where the bytes are not what counts. */
  readonly megabytes?: number;
  readonly requests: number;
  /** Rejects when an answer is not whole. */
  readonly make: (port: number) => Promise<void>;
}

const megabyte = 1024 * 1024;
/** Milliseconds without a byte. */
const patience = 60_000;

/** One request over a connection of its own; resolves to how many bytes came, and their beginning. */
async function ask(port: number, path: string, upload?: number): Promise<{ size: number; text: string }> {
  const method = upload === undefined ? 'GET' : 'POST';
  const headers = upload === undefined ? {} : { 'content-length': upload };
  const sent = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false, timeout: patience });
  sent.on('timeout', () => sent.destroy(new Error(`no byte within ${patience / 1000} s`)));
  const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
  const sending = pipeline(Readable.from(blocks(upload ?? 0)), sent);
  const [response] = await Promise.all([answer, sending]);
  let size = 0;
  let text = '';
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size === 0) text = chunk.toString('latin1', 0, 100);
    size += chunk.length;
  }
  return { size, text };
}

function* blocks(size: number): Generator<Buffer> {
  const block = Buffer.alloc(64 * 1024, 'u');
  for (let left = size; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
}

async function download(port: number, megabytes: number): Promise<void> {
  const { size } = await ask(port, `/${megabytes * megabyte}`);
  if (size !== megabytes * megabyte) throw new Error(`${size} bytes came of ${megabytes} MB`);
}

async function upload(port: number, megabytes: number): Promise<void> {
  const { text } = await ask(port, '/', megabytes * megabyte);
  if (text !== `${megabytes * megabyte}`) throw new Error(`${text} bytes came of ${megabytes} MB`);
}

async function askOften(port: number, count: number): Promise<void> {
  for (let times = 0; times < count; times += 1) {
    const { text } = await ask(port, '/');
    if (text !== 'ok') throw new Error(`the answer was ${text}`);
  }
}

const together = (count: number, make: () => Promise<void>) => Promise.all(Array.from({ length: count }, make));

export const transfers: readonly Transfer[] = [
  { title: 'one download of 200 MB', megabytes: 200, requests: 1, make: (port) => download(port, 200) },
  { title: 'one upload of 200 MB', megabytes: 200, requests: 1, make: (port) => upload(port, 200) },
  {
    title: '20 downloads of 10 MB at once',
    megabytes: 200,
    requests: 20,
    make: async (port) => void (await together(20, () => download(port, 10))),
  },
  {
    title: '20 uploads of 10 MB at once',
    megabytes: 200,
    requests: 20,
    make: async (port) => void (await together(20, () => upload(port, 10))),
  },
  {
    title: '1000 small requests, 10 at once',
    requests: 1000,
    make: async (port) => void (await together(10, () => askOften(port, 100))),
  },
];
