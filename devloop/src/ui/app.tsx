import { Box, useInput, usePaste, useStdin, useWindowSize } from 'ink';
import { useMemo } from 'react';
import { span } from '../lib/spans.ts';
import { serviceRows } from '../state/service-row.ts';
import { Footer } from './components/footer.tsx';
import { Header } from './components/header.tsx';
import { Headline } from './components/headline.tsx';
import { Help } from './components/help.tsx';
import { ProblemPanel } from './components/problem-panel.tsx';
import { Row } from './components/row.tsx';
import { ServicesTable } from './components/services-table.tsx';
import { headline } from './headline.ts';
import { ScreenContext, SessionContext, useFeed, useSession, useView } from './hooks.ts';
import { keyNames } from './key-name.ts';
import { layoutOf, smallest } from './layout.ts';
import { LogPanel } from './logs/log-panel.tsx';
import { problemHeight } from './problem-rows.ts';
import type { LogArea, Session } from './session.ts';
import { selectedName } from './view-state.ts';

export function App({ session, color }: { readonly session: Session; readonly color: boolean }) {
  const { columns, rows } = useWindowSize();
  const screen = useMemo(() => ({ columns, color }), [columns, color]);
  const fits = columns >= smallest.columns && rows >= smallest.rows;
  return (
    <SessionContext value={session}>
      <ScreenContext value={screen}>
        <Box flexDirection="column" width={columns} height={rows} overflowY="hidden">
          {fits ? <Dashboard columns={columns} rows={rows} /> : <TooSmall columns={columns} rows={rows} />}
        </Box>
      </ScreenContext>
    </SessionContext>
  );
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

function Dashboard({ columns, rows }: Size) {
  const state = useFeed((snapshot) => snapshot.state);
  const hasHeadline = useFeed((snapshot) => headline(snapshot.state, snapshot.now) !== undefined);
  const help = useView((view) => view.help);
  const logs = useView((view) => view.logs);
  const services = serviceRows(state);
  const selected = useView((view) => selectedName(view, services));

  const names = useMemo(() => services.map(({ name }) => name), [services]);
  const problem = services.find(({ name }) => name === selected)?.problem ?? state.configProblem;
  const layout = layoutOf({
    rows,
    services: services.length,
    headline: hasHeadline,
    problem: problem ? problemHeight(problem, columns) : 0,
  });
  useKeys({ columns, height: layout.logs });
  return (
    <>
      <Header />
      <Headline />
      {help ? (
        <Help height={rows - 2 - layout.headline} />
      ) : (
        <>
          <ServicesTable services={services} selected={selected} layout={layout} />
          {problem && layout.problem > 0 && <ProblemPanel problem={problem} height={layout.problem} />}
          <LogPanel view={logs} selected={selected} names={names} height={layout.logs} />
        </>
      )}
      <Footer />
    </>
  );
}

function TooSmall({ columns, rows }: Size) {
  useKeys({ columns, height: 1 });
  return (
    <>
      <Row spans={[span(`devloop needs ${smallest.columns}x${smallest.rows}, this is ${columns}x${rows}.`)]} />
      <Row spans={[span('The loop goes on. q quits.')]} />
    </>
  );
}

/** Sends keys and pasted text to the session. */
function useKeys(logArea: LogArea): void {
  const session = useSession();
  // Without a terminal to read from there are no keys, and asking for raw mode would throw.
  const { isRawModeSupported: isActive } = useStdin();
  useInput(
    (input, key) => {
      for (const name of keyNames(input, key)) session.press(name, logArea);
    },
    { isActive },
  );
  usePaste(session.paste, { isActive });
}
