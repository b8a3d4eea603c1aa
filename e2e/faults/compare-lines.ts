/** How the lines that were told differ from those that were written. */
export interface LineDifference {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/**
 * Compares what was told with what was written; each line is written once. Of a container that ran before the loop
 * began, what was written before its first line that was told does not count.
 * @param written by container, oldest first
 * @param old the first lines of containers that ran before the loop began
 */
export function compareLines(
  written: readonly (readonly string[])[],
  told: readonly string[],
  old: ReadonlySet<string>,
): LineDifference {
  const seen = new Set<string>();
  const doubled = told.filter((line) => seen.has(line) || !seen.add(line));
  const lost = written.flatMap((lines) => {
    const isOld = old.has(lines[0] ?? '');
    const from = isOld ? lines.findIndex((line) => seen.has(line)) : 0;
    return lines.slice(Math.max(from, 0)).filter((line) => !seen.has(line));
  });
  return { lost, doubled };
}
