interface Part {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const parts: readonly Part[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  { low: 0, high: 6, names: days },
];
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/**
 * What is wrong with a schedule, in the words of the parser that Kubernetes uses; undefined when nothing is.
 * https://github.com/robfig/cron/blob/v3.0.1/parser.go
 */
export function cronProblem(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string';
  if (schedule.startsWith('@')) return descriptorProblem(schedule);
  const fields = schedule
    .replace(/^(?:CRON_)?TZ=\S+\s+/, '')
    .trim()
    .split(/\s+/);
  if (fields.length !== parts.length) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  return fields.map((field, index) => fieldProblem(field, parts[index] ?? { low: 0, high: 0 })).find(Boolean);
}

function descriptorProblem(schedule: string): string | undefined {
  const every = /^@every (.*)$/.exec(schedule)?.[1];
  if (every !== undefined)
    return /^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/.test(every)
      ? undefined
      : `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(every)}`;
  return descriptors.includes(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
}

const fieldProblem = (field: string, part: Part): string | undefined =>
  field
    .split(',')
    .map((range) => rangeProblem(range, part))
    .find(Boolean);

function rangeProblem(range: string, { low, high, names = [] }: Part): string | undefined {
  const [span = '', step, ...steps] = range.split('/');
  if (steps.length > 0) return `too many slashes: ${range}`;
  const [from = '', to, ...more] = span.split('-');
  if (more.length > 0) return `too many hyphens: ${range}`;
  const value = (text: string): number | string => {
    const named = names.indexOf(text.toLowerCase());
    if (named >= 0) return named + low;
    return /^\d+$/.test(text)
      ? Number(text)
      : `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  };
  const all = span === '*' || span === '?';
  const start = all ? low : value(from);
  const end = all ? high : to !== undefined ? value(to) : step !== undefined ? high : start;
  const stride = step === undefined ? 1 : value(step);
  for (const one of [start, end, stride]) if (typeof one === 'string') return one;
  const [first, last] = [Number(start), Number(end)];
  if (first < low) return `beginning of range (${first}) below minimum (${low}): ${range}`;
  if (last > high) return `end of range (${last}) above maximum (${high}): ${range}`;
  if (first > last) return `beginning of range (${first}) beyond end of range (${last}): ${range}`;
  return stride === 0 ? `step of range should be a positive number: ${range}` : undefined;
}
