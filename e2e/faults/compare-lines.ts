/** How the lines that were told differ from those that were written. */
export interface LineDifference {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/** Lines that one devloop has told. */
export interface ToldLines {
  readonly lines: readonly string[];
  /** The first lines of the containers that were there when it began: it need not tell them from there on. */
  readonly old: ReadonlySet<string>;
  /** It has ended, and need not tell all up to the last. */
  readonly isOver: boolean;
}

/**
 * Compares what a devloop told with what was written; each line is written once.
 * @param written by container, oldest first
 */
export function compareLines(
  written: readonly (readonly string[])[],
  { lines, old, isOver }: ToldLines,
): LineDifference {
  const seen = new Set<string>();
  const doubled = lines.filter((line) => seen.has(line) || !seen.add(line));
  const isSeen = (line: string) => seen.has(line);
  const lost = written.flatMap((all) => {
    const from = old.has(all[0] ?? '') ? all.findIndex(isSeen) : 0;
    const to = isOver ? all.findLastIndex(isSeen) + 1 : all.length;
    return from === -1 ? [] : all.slice(from, to).filter((line) => !isSeen(line));
  });
  return { lost, doubled };
}
