/**
 * Tells what a clock on the wall shows at a moment, as a date whose UTC fields are what it shows.
 * @param timeZone of the IANA: `Europe/Berlin`
 * @throws RangeError for one that is none
 */
export function wallClock(timeZone: string): (time: number) => Date {
  if (timeZone === 'UTC') return (time) => new Date(time);
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = (
      ['year', 'month', 'day', 'hour', 'minute'] as const
    ).map((part) => parts.get(part));
    return new Date(Date.UTC(year, month - 1, day, hour, minute));
  };
}
