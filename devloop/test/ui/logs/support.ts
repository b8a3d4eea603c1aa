import type { LogCommand } from '../../../src/model/keymap/log-keys.ts';
import type { LogLine } from '../../../src/model/log-line.ts';
import { createLogStore, type LogStore } from '../../../src/state/log-store.ts';
import { applyLogCommand, type LogContext } from '../../../src/ui/logs/log-commands.ts';
import { createLogIndex, type LogIndex } from '../../../src/ui/logs/log-index.ts';
import { placeOf } from '../../../src/ui/logs/log-place.ts';
import { initialLogView, type LogView } from '../../../src/ui/logs/log-view.ts';
import { logWindow } from '../../../src/ui/logs/log-window.ts';
import type { LogEntry, MergedLines } from '../../../src/ui/logs/merged-lines.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { startTime } from '../../support/sample.ts';

/** The logs as a user has them: a store, a view, a window, and keys. */
export class LogDesk {
  readonly store: LogStore;
  readonly clock: FakeClock = createFakeClock(startTime);
  readonly index: LogIndex;
  view: LogView;
  height = 5;
  columns = 80;
  selected: string | undefined = 'backend';

  constructor(view: Partial<LogView> = {}, cap?: number) {
    this.store = createLogStore(cap);
    this.index = createLogIndex(this.store, this.clock);
    this.view = { ...initialLogView, ...view };
  }

  append(...texts: readonly string[]): this {
    for (const text of texts) this.add(text);
    return this;
  }

  add(text: string, change: Partial<LogLine> = {}): void {
    this.store.append({ at: this.clock.now(), service: 'backend', source: 'container', text, ...change });
  }

  get context(): LogContext {
    return {
      logs: this.index,
      selected: this.selected,
      names: ['backend', 'frontend'],
      columns: this.columns,
      height: this.height,
      newest: this.store.version(),
      now: this.clock.now(),
    };
  }

  press(...commands: readonly LogCommand[]): this {
    for (const command of commands) this.view = applyLogCommand(this.view, command, this.context);
    return this;
  }

  /** The rows in the window, without what is before each text. */
  rows(): string[] {
    return logWindow(placeOf(this.view, this.context)).rows.map((row) =>
      row
        .map(({ text }) => text)
        .join('')
        .replace(/^(backend |frontend| {8}) (?=[│›✗!┊▸] )/, ''),
    );
  }

  below(): number {
    return logWindow(placeOf(this.view, this.context)).below;
  }

  /** All lines that the view shows, also those outside the window. */
  shown(): string[] {
    const { lines, searching } = this.index.show(this.view, this.selected, true);
    return searching ? ['(not all searched)'] : textsOf(lines);
  }

  hits(): string[] {
    return textsOf(this.index.show(this.view, this.selected, true).hits);
  }
}

const textsOf = (lines: MergedLines): string[] => lines.after(undefined, lines.length).map(textOf);

export const textOf = (entry: LogEntry): string =>
  entry.kind === 'line' ? entry.stream.textAt(entry.ordinal) : entry.kind === 'note' ? entry.text : '(marker)';
