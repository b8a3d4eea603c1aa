import { Box, useInput, usePaste, useStdin, useWindowSize } from 'ink';
import { useMemo } from 'react';
import { span } from '../lib/spans.ts';
import { Footer } from './components/footer.tsx';
import { Header } from './components/header.tsx';
import { Headline } from './components/headline.tsx';
import { Help } from './components/help.tsx';
import { Overview } from './components/overview.tsx';
import { Palette } from './components/palette.tsx';
import { Row } from './components/row.tsx';
import { ServiceView } from './components/service-view.tsx';
import { headline } from './headline.ts';
import { ScreenContext, SessionContext, useFeed, useSession, useView } from './hooks.ts';
import { keyNames } from './key-name.ts';
import { smallest } from './layout.ts';
import { Mouse } from './mouse/mouse.tsx';
import type { MouseReports } from './mouse/mouse-reports.ts';
import type { Session } from './session.ts';

interface Props {
  readonly session: Session;
  readonly color: boolean;
  readonly mouse: MouseReports;
}

export function App({ session, color, mouse }: Props) {
  const { columns, rows } = useWindowSize();
  const screen = useMemo(() => ({ columns, color }), [columns, color]);
  const fits = columns >= smallest.columns && rows >= smallest.rows;
  return (
    <SessionContext value={session}>
      <ScreenContext value={screen}>
        <Box flexDirection="column" width={columns} height={rows} overflowY="hidden">
          <Keys />
          <Mouse reports={mouse} />
          {fits ? <Dashboard rows={rows} /> : <TooSmall columns={columns} rows={rows} />}
        </Box>
      </ScreenContext>
    </SessionContext>
  );
}

const headerAndFooter = 2;

function Dashboard({ rows }: { readonly rows: number }) {
  const { keymap } = useSession();
  const hasHeadline = useFeed(({ state, now }) => headline(state, now, keymap()) !== undefined);
  const { screen, overlay } = useView((view) => ({ screen: view.screen, overlay: view.overlay?.kind }));
  const height = rows - headerAndFooter - (hasHeadline ? 1 : 0);
  return (
    <>
      <Header />
      <Headline />
      {overlay === 'help' && <Help height={height} />}
      {overlay === 'palette' && <Palette height={height} />}
      {!overlay && (screen === 'service' ? <ServiceView height={height} /> : <Overview height={height} />)}
      <Footer />
    </>
  );
}

function TooSmall({ columns, rows }: { readonly columns: number; readonly rows: number }) {
  return (
    <>
      <Row spans={[span(`devloop needs ${smallest.columns}x${smallest.rows}, this is ${columns}x${rows}.`)]} />
      <Row spans={[span('The loop goes on. q quits.')]} />
    </>
  );
}

/** Sends keys and pasted text to the session. */
function Keys() {
  const session = useSession();
  // Without a terminal to read from there are no keys, and asking for raw mode would throw.
  const { isRawModeSupported: isActive } = useStdin();
  useInput(
    (input, key) => {
      for (const name of keyNames(input, key)) session.press(name);
    },
    { isActive },
  );
  usePaste(session.paste, { isActive });
  return null;
}
