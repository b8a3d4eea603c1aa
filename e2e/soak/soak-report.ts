import { spreadOf } from '../bench/stats.ts';
import { courseOf } from './flatness.ts';
import { allowedRise, type Measure, type Sample } from './soak-sample.ts';

/** Of so many samples a slope says something. */
const enough = 20;

const labels: Readonly<Record<Measure, string>> = {
  memory: 'resident memory, MB',
  handles: 'open files and sockets',
  listeners: 'listeners',
  processes: 'processes',
  state: 'state folder, KB',
  logs: 'logs on disk, KB',
  temporary: 'temporary files, KB',
  images: 'images of the services',
};

/** How each measure went, as a table in markdown, and those that have risen too much. */
export function reportSamples(samples: readonly Sample[]): {
  readonly table: string;
  readonly faults: readonly string[];
} {
  if (samples.length < 4) return { table: `${samples.length} samples only.\n`, faults: [] };
  const measures = Object.keys(labels) as Measure[];
  const courses = measures.map((measure) => {
    const course = courseOf(samples.map((sample) => ({ at: sample.at, value: sample[measure] })));
    return { measure, course, allowed: allowedRise[measure](course.second) };
  });
  const rows = courses.map(({ measure, course, allowed }) => {
    const { first, second, firstRise, secondRise, most } = course;
    return [labels[measure], ...[first, second, most, firstRise, secondRise, allowed].map(figure)];
  });
  const names = ['', 'first half', 'second half', 'most', 'rise in the first', 'rise in the second', 'allowed'];
  const table = [names, names.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
  const risen = courses.filter(({ course, allowed }) => course.secondRise > allowed);
  if (samples.length < enough)
    return { table: `${table}\nToo few samples (${samples.length}) to judge a rise.\n`, faults: [] };
  return {
    table,
    faults: risen.map(
      ({ measure, course, allowed }) =>
        `${labels[measure]}: risen by ${figure(course.secondRise)} in the second half, allowed are ${figure(allowed)}`,
    ),
  };
}

/** How long edits took until they were live, as a table in markdown. */
export function timesTable(times: ReadonlyMap<string, readonly number[]>): string {
  const rows = [...times].map(([what, values]) => {
    const { median, p90, max } = spreadOf(values);
    return [what, values.length, ...[median, p90, max].map((ms) => ms.toFixed(0))];
  });
  const names = ['edit of', 'edits', 'median, ms', 'p90', 'max'];
  return [names, names.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

export const countsOf = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} × ${word}`).join(', ');

const figure = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toFixed(1));
