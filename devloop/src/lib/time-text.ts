const local = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const utc = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** Epoch milliseconds as this machine's wall time: `14:03:22`. */
export const wallTime = (at: number): string => local.format(at);

/** Epoch milliseconds as `2026-01-31T14:03:22.120Z`. */
export function isoTime(at: number): string {
  const parts = Object.fromEntries(utc.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, fractionalSecond } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fractionalSecond}Z`;
}
