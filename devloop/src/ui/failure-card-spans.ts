import type { Style } from '../lib/paint.ts';
import { type Span, span } from '../lib/spans.ts';
import { truncate, wrapText } from '../lib/text-width.ts';
import { type CardLine, type FailureCard, failureCardLines, type HelpfulAction } from '../state/failure-card.ts';

const bar = span('▌ ', { color: 'red' });
const labelWidth = 11;
/** Narrower than this, labels stand on the text's own row. */
const labelsFrom = 70;

/** What gives way first when there is little room: the longest evidence, which the logs have too. */
const givesWay = ['last lines', 'output', 'event', 'probe', 'exit', 'at', 'changed', 'since', 'help', 'fix', 'cause'];

/** What helps, and what is done with the card itself. */
export type CardAction = HelpfulAction | 'copyFix';

/** A row without its label: that shows on the first row that is left of it. */
interface CardRow {
  readonly label: string;
  readonly spans: readonly Span[];
}

/**
 * The card as at most `height` rows of at most `columns` columns. When there is little room, evidence is cut first, its
 * oldest lines before the newest; the cause and the fix are cut last.
 * @param keyOf the key that does what helps, as the screens write it; what has none is named without
 */
export function failureCardSpans(
  card: FailureCard,
  columns: number,
  height: number,
  keyOf: (action: CardAction) => string | undefined = () => undefined,
): Span[][] {
  const [cause, ...others] = failureCardLines(card);
  const title = wrapText(`✗ ${card.service}: ${cause?.text ?? card.cause}`, columns - 2);
  const rows = [
    ...title.map((text) => ({ label: 'cause', spans: [span(text, { color: 'red', bold: true })] })),
    ...others.flatMap(rowsOf(columns)),
    ...helpRows(card, columns, keyOf),
  ];
  return withLabels(fitted(rows, Math.max(0, height)), columns);
}

/** Rows that the card would fill if there were room for all. */
export const failureCardHeight = (card: FailureCard, columns: number): number =>
  failureCardSpans(card, columns, Number.MAX_SAFE_INTEGER).length;

const hasLabels = (columns: number): boolean => columns >= labelsFrom;

function rowsOf(columns: number): (line: CardLine) => CardRow[] {
  const room = Math.max(10, columns - 2 - (hasLabels(columns) ? labelWidth : 0));
  let current = '';
  return ({ label, text }) => {
    current = label || current;
    // Output is cut at the edge, as its lines are many; what is to be read or pasted is wrapped.
    if (current === 'output' || current === 'last lines') {
      const spans = [span('│ ', { dim: true }), span(truncate(text, room - 2), { dim: true })];
      return [{ label: current, spans }];
    }
    const named = hasLabels(columns) || label === '' ? text : `${label}: ${text}`;
    const style: Style = current === 'fix' ? { color: 'green' } : {};
    return wrapText(named, room).map((part) => ({ label: current, spans: [span(part, style)] }));
  };
}

const withLabels = (rows: readonly CardRow[], columns: number): Span[][] =>
  rows.map(({ label, spans }, index) => {
    if (!hasLabels(columns) || label === 'cause') return [bar, ...spans];
    const shown = rows[index - 1]?.label === label ? '' : label;
    return [bar, span(shown.padEnd(labelWidth), { dim: true }), ...spans];
  });

function helpRows(
  { actions, fix = '' }: FailureCard,
  columns: number,
  keyOf: (action: CardAction) => string | undefined,
): CardRow[] {
  const all: readonly CardAction[] = isCommand.test(fix) ? [...actions, 'copyFix'] : actions;
  // One key may do for two, such as for both runs' logs: the first tells better what is to be seen.
  const isFirst = (action: CardAction, index: number) =>
    keyOf(action) === undefined || all.findIndex((other) => keyOf(other) === keyOf(action)) === index;
  const names = all.filter(isFirst).map((action) => [keyOf(action), words[action]].filter(Boolean).join(' '));
  if (names.length === 0) return [];
  return rowsOf(columns)({ label: 'help', text: names.join('   ') });
}

/** A fix that is for a shell, and not a sentence. */
const isCommand = /^(kubectl|helm|docker|minikube|devloop) /;

/** What an action is called on the card. */
const words: Readonly<Record<CardAction, string>> = {
  logs: 'logs',
  previous: 'previous logs',
  probes: 'probes',
  events: 'events',
  builds: 'builds',
  commands: 'commands',
  describe: 'describe',
  shell: 'shell',
  rollback: 'roll back',
  restart: 'restart',
  rebuild: 'rebuild',
  copyFix: 'copy the fix',
};

function fitted(rows: readonly CardRow[], height: number): CardRow[] {
  const left = [...rows];
  for (const label of givesWay) {
    const isLog = label === 'last lines' || label === 'output';
    while (left.length > height) {
      const index = isLog
        ? left.findIndex((row) => row.label === label)
        : left.findLastIndex((row) => row.label === label);
      if (index < 0) break;
      left.splice(index, 1);
    }
  }
  return left;
}
