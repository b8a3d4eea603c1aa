import { formatDuration } from '../../lib/duration.ts';
import { messageRow } from '../../lib/message-lines.ts';
import { span } from '../../lib/spans.ts';
import { fit, textWidth } from '../../lib/text-width.ts';
import { wallTime } from '../../lib/time-text.ts';
import type { BuildRun } from '../../state/history.ts';
import type { ServiceState } from '../../state/state.ts';
import { buildRows, byText, resultOf } from './build-rows.ts';
import { fileList } from './file-list.ts';
import { blank, emptyRows, row } from './make-rows.ts';
import type { TabRow, TabRows } from './tab-row.ts';
import { elapsed } from './time-words.ts';

/** The last builds, the newest first: a row for each, then each in full, its own lines in the order of their coming. */
export const buildsRows: TabRows = ({ state, service: name, columns, now }) => {
  const service = state.services[name];
  if (!service || service.builds.length === 0) return emptyRows(whyEmpty(service), columns);
  const builds = service.builds.toReversed();
  const width = Math.max(...builds.map((run) => textWidth(resultOf(run).word)));
  return [
    ...builds.map((run) => summaryRow(run, service, width, columns, now)),
    blank,
    ...builds.flatMap((run) => buildRows(run, columns, now)),
  ];
};

function whyEmpty(service: ServiceState | undefined): string {
  if (!service?.spec) return 'No builds: the configuration does not name this service, so devloop does not build it.';
  if (!service.spec.image)
    return 'No builds: the configuration gives this service no image, so devloop does not build it.';
  return 'No builds yet. The first one, and then each that an edit takes, will be here with its steps and its output.';
}

function summaryRow(run: BuildRun, service: ServiceState, width: number, columns: number, now: number): TabRow {
  const { glyph, word, color } = resultOf(run);
  const style = color ? { color } : {};
  const time = run.ms === undefined ? elapsed(now - run.startedAt) : formatDuration(run.ms);
  return row(
    [
      span(`${glyph} ${fit(word, width)}  `, style),
      span(`${time.padStart(7)}  `),
      span(fit(`edit ${run.edit}`, 9), { bold: true }),
      span(`  ${wallTime(run.startedAt)}  `, { dim: true }),
      span(whyOf(run, service)),
    ],
    columns,
    { key: `${run.edit}@${run.startedAt}` },
  );
}

/** What took its place, the files that changed, and why that was nothing for a live update. */
function whyOf(run: BuildRun, { edits }: ServiceState): string {
  const known = edits.find(({ edit }) => edit === run.edit);
  const files = run.edit === 0 ? 'the start' : known ? fileList(known.files, known.fileCount) : '';
  return [byText(run).trim(), messageRow(run.why), files].filter(Boolean).join(' · ');
}
