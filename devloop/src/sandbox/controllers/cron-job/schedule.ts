import { wallClock } from './wall-clock.ts';

/** The moments of a cron line. */
export interface Schedule {
  /** Epoch milliseconds of the first moment after another; undefined when there is none within five years. */
  readonly next: (after: number) => number | undefined;
}

const macros: { readonly [name: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minute = 60_000;
const hour = 60 * minute;
/** Clocks are not set by more than that, at which hour ever. */
const setAtMost = 3 * hour;
const farthest = 5 * 366 * 24 * hour;

/**
 * Reads a cron line of five fields or a macro (`@hourly`, `@every 90s`), as
 * https://github.com/robfig/cron/blob/v3.0.1/parser.go does. A moment that the clock passes over when it is set does not
 * come, one that it shows twice comes twice.
 * @param timeZone of the IANA
 * @throws Error when it is none
 */
export function parseSchedule(line: string, timeZone = 'UTC'): Schedule {
  if (line.startsWith('@every ')) return parseEvery(line);
  if (line.startsWith('@') && !macros[line]) throw new Error(`unrecognized descriptor: ${line}`);
  const fields = (macros[line] ?? line).trim().split(/\s+/);
  const [minutes = '', hours = '', monthDays = '', monthNames = '', weekDays = ''] = fields;
  if (fields.length !== 5) throw new Error(`expected exactly 5 fields, found ${fields.length}: [${line}]`);
  const isMinute = parseField(minutes, 0, 59);
  const isHour = parseField(hours, 0, 23);
  const isMonthDay = parseField(monthDays, 1, 31);
  const isMonth = parseField(monthNames, 1, 12, months, 1);
  const isWeekDay = parseField(weekDays, 0, 6, days, 0);
  // A month's day and a week's day are two ways to say when, unless one of them says nothing.
  const isAnyDay = isAny(monthDays) || isAny(weekDays);
  const fits = (time: Date) => {
    const inMonth = isMonthDay.has(time.getUTCDate());
    const inWeek = isWeekDay.has(time.getUTCDay());
    return isMonth.has(time.getUTCMonth() + 1) && (isAnyDay ? inMonth && inWeek : inMonth || inWeek);
  };
  const showsAt = wallClock(timeZone);
  return {
    next: (after) => {
      let time = (Math.floor(after / minute) + 1) * minute;
      while (time - after < farthest) {
        const shown = showsAt(time);
        const toHour = hour - (shown.getTime() % hour);
        if (!fits(shown)) time += Math.max(toHour, toMidnight(shown) - setAtMost);
        else if (!isHour.has(shown.getUTCHours())) time += toHour;
        else if (!isMinute.has(shown.getUTCMinutes())) time += minute;
        else return time;
      }
      return undefined;
    },
  };
}

const toMidnight = (shown: Date): number => 24 * hour - (shown.getTime() % (24 * hour));

const isAny = (field: string): boolean => field.split(',').some((part) => /^[*?](?:\/1)?$/.test(part));

function parseEvery(line: string): Schedule {
  const duration = line.slice('@every '.length);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration);
  if (!parts || !duration) throw new Error(`failed to parse duration ${line}: time: invalid duration "${duration}"`);
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const interval = Math.max(1, (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return { next: (after) => Math.floor(after / 1000) * 1000 + interval };
}

/** @param names what stands for the numbers from `firstName` on */
function parseField(
  field: string,
  least: number,
  greatest: number,
  names: readonly string[] = [],
  firstName = 0,
): ReadonlySet<number> {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toLowerCase());
    return named >= 0 ? named + firstName : parseNumber(text);
  };
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step, ...moreSteps] = part.split('/');
    const [from = '', to, ...moreEnds] = range.split('-');
    if (moreEnds.length > 0) throw new Error(`too many hyphens: ${part}`);
    if (moreSteps.length > 0) throw new Error(`too many slashes: ${part}`);
    const isAll = range === '*' || range === '?';
    const start = isAll ? least : numberOf(from);
    const end = isAll ? greatest : to !== undefined ? numberOf(to) : step !== undefined ? greatest : start;
    const by = step === undefined ? 1 : parseNumber(step);
    if (start < least) throw new Error(`beginning of range (${start}) below minimum (${least}): ${part}`);
    if (end > greatest) throw new Error(`end of range (${end}) above maximum (${greatest}): ${part}`);
    if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${part}`);
    if (by === 0) throw new Error(`step of range should be a positive number: ${part}`);
    for (let value = start; value <= end; value += by) values.add(value);
  }
  return values;
}

function parseNumber(text: string): number {
  if (!/^\d+$/.test(text))
    throw new Error(`failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`);
  return Number(text);
}
