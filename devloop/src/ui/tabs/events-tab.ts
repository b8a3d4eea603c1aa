import { messageRow } from '../../lib/message-lines.ts';
import { span } from '../../lib/spans.ts';
import { fit, textWidth } from '../../lib/text-width.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { KubeEventView } from '../../model/pod.ts';
import { emptyRows, row, wrapped } from './make-rows.ts';
import type { TabRow, TabRows } from './tab-row.ts';

const fromHereInOneRow = 150;

/** Kubernetes' events about the service's objects, the newest first. */
export const eventsRows: TabRows = ({ state, service, columns }) => {
  const events = state.services[service]?.events ?? [];
  if (events.length === 0) {
    return emptyRows(
      'No events. Kubernetes tells here what it does with the pods and workloads of this service: scheduling, pulling, starting, failing probes. It forgets them after an hour.',
      columns,
    );
  }
  const newestFirst = events.toReversed().sort((a, b) => b.at - a.at);
  const widest = Math.max(...newestFirst.map((event) => textWidth(objectOf(event))));
  return newestFirst.flatMap((event) => eventRows(event, columns, widest));
};

function eventRows(event: KubeEventView, columns: number, widest: number): TabRow[] {
  const { uid, type, at, count, message } = event;
  const isWarning = type === 'Warning';
  const style = isWarning ? ({ color: 'yellow' } as const) : {};
  const [reason, object] = [messageRow(event.reason), objectOf(event)];
  const times = count > 1 ? `×${count}` : '';
  const begin = [span(`${wallTime(at)}  `, { dim: true }), span(isWarning ? '! Warning  ' : '· Normal   ', style)];
  const copy = `${wallTime(at)} ${type} ${reason} ${object} ${times} ${messageRow(message)}`.replace(/ +/g, ' ');
  if (columns >= fromHereInOneRow) {
    const cells = `${fit(object, Math.min(widest, 40))}  ${fit(times, 6)}`;
    return wrapped(
      [...begin, span(`${fit(reason, 20)}  `, style), span(cells, { dim: true })],
      message,
      style,
      columns,
      {
        copy,
        key: uid,
      },
    );
  }
  const head = [
    ...begin,
    span(reason, { ...style, bold: true }),
    span(`  ${times === '' ? '' : `${times}  `}`),
    span(object, { dim: true }),
  ];
  const text = wrapped([span(' '.repeat(10))], message, style, columns, { copy, key: `${uid}/message` });
  return [row(head, columns, { copy, key: uid }), ...(messageRow(message) === '' ? [] : text)];
}

const objectOf = ({ object }: KubeEventView): string => messageRow(`${object.kind} ${object.name}`);
