/**
 * Lines of text of which only the newest are kept, as a value that never changes: adding a line copies one small chunk,
 * not all of them.
 */
export interface KeptLines {
  /** How many older lines are gone. */
  readonly dropped: number;
  readonly chunks: readonly (readonly string[])[];
  /** The chunk that is being filled. */
  readonly last: readonly string[];
}

const chunkSize = 50;

export const noLines: KeptLines = { dropped: 0, chunks: [], last: [] };

/** @param capacity lines that are kept at least; at most 50 more are */
export function withLine({ dropped, chunks, last }: KeptLines, line: string, capacity: number): KeptLines {
  const filled = [...last, line];
  if (filled.length < chunkSize) return { dropped, chunks, last: filled };
  const isOver = chunks.length * chunkSize >= capacity;
  return {
    dropped: isOver ? dropped + chunkSize : dropped,
    chunks: [...(isOver ? chunks.slice(1) : chunks), filled],
    last: [],
  };
}

/** The lines that are kept, oldest first, in chunks of which all but the last never change. */
export const keptChunks = ({ chunks, last }: KeptLines): readonly (readonly string[])[] => [...chunks, last];
