import { useContext } from 'react';
import { Row } from '../components/row.tsx';
import { ScreenContext, useSession } from '../hooks.ts';
import { shownKey } from '../shown-key.ts';
import type { ShownLogs } from './log-index.ts';
import type { LogView } from './log-view.ts';
import { titleSpans } from './title-spans.ts';

interface Props {
  readonly view: LogView;
  readonly selected: string | undefined;
  readonly shown: ShownLogs;
  /** Lines after the last one that shows. */
  readonly below: number;
}

/** The row above the logs. */
export function LogTitle(props: Props) {
  const { columns } = useContext(ScreenContext);
  const { keymap } = useSession();
  return <Row spans={titleSpans({ ...props, followKey: shownKey(keymap(), 'follow') }, columns)} />;
}
