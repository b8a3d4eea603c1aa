import { sanitizeLine } from '../lib/sanitize.ts';
import type { LogLine } from '../model/log-line.ts';
import { LogChunk } from './log-chunk.ts';
import { LogStream } from './log-stream.ts';

export interface LogStore {
  /** Keeps the line, numbered in the order it came, its text free of control sequences. */
  readonly append: (line: LogLine) => void;
  /** The lines of every origin that has any: the same objects while they have lines, as they are now. */
  readonly streams: () => readonly LogStream[];
  /** The `seq` of the newest line, 0 before the first; a view compares it to know whether to draw again. */
  readonly version: () => number;
  /** How many lines of the service, or of all, the cap has dropped. */
  readonly dropped: (service?: string) => number;
  /** Bytes that the kept lines take; never more than the cap and one line. */
  readonly bytes: () => number;
}

/** What the store knows of a service. */
interface ServiceShare {
  readonly streams: Set<LogStream>;
  bytes: number;
  dropped: number;
}

const smallestChunk = 4 * 1024;
const chunkSize = 64 * 1024;

/**
 * Log lines up to a cap. When it is reached, the service that takes the most loses its oldest lines, so that a noisy
 * one cannot push out another's.
 * @param cap bytes: of the texts in UTF-8 and 16 more for each line; 24 MiB are 215,000 lines of 100 characters
 */
export function createLogStore(cap = 24 * 1024 * 1024): LogStore {
  const streams = new Map<string, LogStream>();
  const shares = new Map<string, ServiceShare>();
  let version = 0;
  let bytes = 0;
  let list: readonly LogStream[] | undefined;
  let recent: LogStream | undefined;

  const streamOf = (line: LogLine): LogStream => {
    // Lines mostly come many at a time from one container.
    if (recent && isFrom(line, recent)) return recent;
    const key = keyOf(line);
    let stream = streams.get(key);
    if (!stream) {
      const { at: _, text: __, ...origin } = line;
      stream = new LogStream(origin);
      streams.set(key, stream);
      shareOf(line.service).streams.add(stream);
      list = undefined;
    }
    recent = stream;
    return stream;
  };

  const shareOf = (service: string): ServiceShare => {
    const known = shares.get(service);
    if (known) return known;
    const share = { streams: new Set<LogStream>(), bytes: 0, dropped: 0 };
    shares.set(service, share);
    return share;
  };

  /** Room for more lines of the service. Chunks grow with their stream: most pods write little. */
  const grow = (stream: LogStream, share: ServiceShare, text: string, last: LogChunk | undefined): LogChunk => {
    const usual = last ? Math.min(chunkSize, last.size * 2) : smallestChunk;
    const size = Math.max(usual, LogChunk.sizeFor(text));
    let chunk: LogChunk | undefined;
    share.bytes += size;
    bytes += size;
    while (bytes > cap) {
      const freed = dropOldest(stream);
      if (!freed) break;
      // Taken again at once, as the collector is slow to notice blocks that are free.
      if (freed.size === size) chunk = freed;
    }
    return chunk ?? new LogChunk(size);
  };

  /** The oldest lines of the service that takes the most are dropped. @param growing gets lines now: it stays */
  const dropOldest = (growing: LogStream): LogChunk | undefined => {
    const share = [...shares.values()].reduce((most, one) => (one.bytes > most.bytes ? one : most));
    const stream = [...share.streams].reduce<LogStream | undefined>(
      (oldest, one) => (one.oldest < (oldest?.oldest ?? Number.POSITIVE_INFINITY) ? one : oldest),
      undefined,
    );
    const chunk = stream?.dropChunk();
    if (!stream || !chunk) return undefined;
    share.bytes -= chunk.size;
    share.dropped += chunk.count;
    bytes -= chunk.size;
    if (stream.first === stream.end && stream !== growing) forget(stream, share);
    return chunk;
  };

  const forget = (stream: LogStream, share: ServiceShare): void => {
    share.streams.delete(stream);
    streams.delete(keyOf(stream.origin));
    if (recent === stream) recent = undefined;
    list = undefined;
  };

  return {
    append: (line) => {
      version += 1;
      const stream = streamOf(line);
      const share = shareOf(line.service);
      stream.append(version, line.at, sanitizeLine(line.text), (text, last) => grow(stream, share, text, last));
    },
    streams: () => {
      list ??= [...streams.values()];
      return list;
    },
    version: () => version,
    dropped: (service) =>
      service === undefined
        ? [...shares.values()].reduce((sum, share) => sum + share.dropped, 0)
        : (shares.get(service)?.dropped ?? 0),
    bytes: () => bytes,
  };
}

const isFrom = (line: LogLine, { origin }: LogStream): boolean =>
  line.pod === origin.pod &&
  line.container === origin.container &&
  line.service === origin.service &&
  line.source === origin.source;

const keyOf = ({ service, source, pod = '', container = '' }: Omit<LogLine, 'at' | 'text'>): string =>
  `${service}\0${source}\0${pod}\0${container}`;
