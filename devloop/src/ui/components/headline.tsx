import { headline } from '../headline.ts';
import { useFeed, useSession } from '../hooks.ts';
import { Row } from './row.tsx';

/** The row under the header, where there is something to say about the whole loop. */
export function Headline() {
  const { state, now } = useFeed((snapshot) => snapshot);
  const { keymap } = useSession();
  const spans = headline(state, now, keymap());
  return spans ? <Row spans={spans} /> : null;
}
