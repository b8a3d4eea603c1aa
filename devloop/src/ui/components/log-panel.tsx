import { Box } from 'ink';
import { useContext } from 'react';
import { span } from '../../lib/spans.ts';
import { shownLines } from '../commands/log-commands.ts';
import { ScreenContext, useFeed, usePage, useSession, useView } from '../hooks.ts';
import { logSpans, prefixWidth } from '../log-spans.ts';
import { logWindow } from '../log-window.ts';
import { LogTitle } from './log-title.tsx';
import { Row, Rows } from './row.tsx';

interface Props {
  /** The service whose lines show; all when not given. */
  readonly selected: string | undefined;
  /** All services, in the order that gives them their colours. */
  readonly names: readonly string[];
  /** Rows below the title. */
  readonly height: number;
}

/** The log lines that the user looks at; only the rows that show are made. */
export function LogPanel({ selected, names, height }: Props) {
  const { columns } = useContext(ScreenContext);
  const { logs } = useSession();
  useFeed((snapshot) => snapshot.logVersion);
  const whole = useView((current) => current);
  const view = whole.logs;
  usePage(height);

  const lines = shownLines(logs, whole, selected);
  const look = { timestamps: view.timestamps, services: selected === undefined ? names : [], filter: view.filter };
  const wrapAt = view.wrap ? Math.max(10, columns - prefixWidth(look)) : undefined;
  const { rows, below } = logWindow(lines, { bottom: view.bottom, height, wrapAt });
  return (
    <>
      <LogTitle view={view} selected={selected} matches={lines.length} below={below} />
      <Box flexDirection="column" height={height} overflowY="hidden">
        {rows.length === 0 ? (
          <Row spans={[span(`  ${emptyText(view, selected)}`, { dim: true })]} />
        ) : (
          <Rows rows={rows.map((row) => logSpans(row, look))} />
        )}
      </Box>
    </>
  );
}

function emptyText({ filter }: { filter: string }, selected: string | undefined): string {
  if (filter !== '') return `No line contains "${filter}". Esc clears the filter.`;
  return selected ? `${selected} has not written anything yet.` : 'No log lines yet.';
}
