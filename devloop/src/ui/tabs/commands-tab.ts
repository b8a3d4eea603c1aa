import { formatDuration } from '../../lib/duration.ts';
import { messageRow } from '../../lib/message-lines.ts';
import { quoteCommand } from '../../lib/quote.ts';
import { type Span, span } from '../../lib/spans.ts';
import { fit } from '../../lib/text-width.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { CommandRecord } from '../../model/operation.ts';
import { commandsOf } from '../../state/commands-of.ts';
import { emptyRows, wrapped } from './make-rows.ts';
import { rememberRows } from './remember-rows.ts';
import type { TabRow, TabRows } from './tab-row.ts';
import { elapsed } from './time-words.ts';

/**
 * The command ledger of the service and its release, the newest first. A row shows the program without its folder and
 * without the environment that is set for it; what is copied has both, and the folder to run it in.
 */
export const commandsRows: TabRows = ({ state, service, columns, now }) => {
  const commands = commandsOf(state, service);
  if (commands.length === 0) {
    return emptyRows(
      'No commands yet. Each docker and helm that devloop runs for this service or its release will be a line here, to copy and run by hand.',
      columns,
    );
  }
  return commands
    .toReversed()
    .flatMap((command) =>
      command.exitCode === undefined ? commandRows(command, columns, now) : endedRows(command, columns),
    );
};

function commandRows(command: CommandRecord, columns: number, now: number): TabRow[] {
  const prefix = [span(`${wallTime(command.startedAt)}  `, { dim: true }), ...resultSpans(command, now)];
  return wrapped(prefix, shownLine(command), {}, columns, { copy: pasteLine(command), key: String(command.id) });
}

const endedRows = rememberRows((command: CommandRecord, columns) => commandRows(command, columns, command.startedAt));

function resultSpans({ exitCode, ms, startedAt }: CommandRecord, now: number): Span[] {
  if (exitCode === undefined) {
    return [span(fit('◔ running', 11), { color: 'yellow' }), span(`${elapsed(now - startedAt).padStart(7)}  `)];
  }
  const isGood = exitCode === 0;
  return [
    span(fit(`${isGood ? '✓' : '✗'} exit ${exitCode}`, 11), { color: isGood ? 'green' : 'red' }),
    span(`${formatDuration(ms ?? 0).padStart(7)}  `),
  ];
}

const assignment = /^[A-Za-z_]\w*=(?:'[^']*'|\\'|[^\s'])*\s+/;

function shownLine({ line }: CommandRecord): string {
  let rest = line;
  for (let match = assignment.exec(rest); match; match = assignment.exec(rest)) rest = rest.slice(match[0].length);
  return messageRow(rest.replace(/^\S*\/(?=\S)/, ''));
}

/** In a subshell, so that the user's own shell stays where it is. */
const pasteLine = ({ line, cwd }: CommandRecord): string =>
  cwd === undefined ? line : `(cd ${quoteCommand([cwd])} && ${line})`;
