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

/**
 * Services get what they need as far as a part of the rows is left to the logs: a third, or a fifth where the selected
 * service has a problem; that may take half of the rows, and leaves a quarter to the services.
 */
export function layoutOf({ rows, services: count, problem: wanted }: LayoutNeeds): Layout {
  const part = (of: number, fewest: number) => Math.max(fewest, Math.floor(rows * of));
  const fewestServices = Math.min(Math.max(1, count), part(1 / 4, 3));
  const heading = count > 0 && (rows >= 17 || count > part(1 / 4, 3)) ? 1 : 0;
  const free = rows - heading - logTitleRows;
  const problem = Math.max(0, Math.min(wanted, part(1 / 2, 0), free - fewestServices - fewestLogs));
  const logs = part(problem > 0 ? 1 / 5 : 1 / 3, fewestLogs);
  const services = Math.min(Math.max(1, count), Math.max(fewestServices, free - problem - logs));
  return { heading, services, problem, logs: free - problem - services };
}

/** The part of a list that shows: `size` items that hold the selected one, moved no more than needed. */
export function visibleRange(count: number, selected: number, size: number): { from: number; to: number } {
  const from = Math.min(Math.max(0, selected - Math.floor(size / 2)), Math.max(0, count - size));
  return { from, to: Math.min(count, from + size) };
}
