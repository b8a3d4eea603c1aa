/** The smallest terminal that the dashboard draws on. */
export const smallest = { columns: 60, rows: 15 } as const;

/** How many terminal rows each part of the overview gets; with the log's title all of them together are its rows. */
export interface Layout {
  readonly heading: number;
  readonly services: number;
  readonly problem: number;
  readonly logs: number;
}

const logTitleRows = 1;
const fewestLogs = 3;

export interface LayoutNeeds {
  /** Between the header and the footer. */
  readonly rows: number;
  readonly services: number;
  /** Rows that the selected service's problem would fill. */
  readonly problem: number;
}

/** Logs get what the others leave; the services never take more than two fifths, a problem no more than a third. */
export function layoutOf(needs: LayoutNeeds): Layout {
  const services = Math.min(Math.max(1, needs.services), Math.max(3, Math.floor(needs.rows * 0.45)));
  const heading = needs.rows >= 17 || services < needs.services ? 1 : 0;
  const free = needs.rows - heading - services - logTitleRows;
  const problem = Math.max(0, Math.min(needs.problem, Math.floor(needs.rows / 3), free - fewestLogs));
  return { heading, services, problem, logs: free - problem };
}

/** The part of a list that shows: `size` items that hold the selected one, moved no more than needed. */
export function visibleRange(count: number, selected: number, size: number): { from: number; to: number } {
  const from = Math.min(Math.max(0, selected - Math.floor(size / 2)), Math.max(0, count - size));
  return { from, to: Math.min(count, from + size) };
}
