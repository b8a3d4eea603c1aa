import { describe, expect, test } from '@jest/globals';
import { parseSchedule } from '../../../src/sandbox/controllers/cron-job/schedule.ts';

const next = (line: string, after: string, timeZone?: string) => {
  const time = parseSchedule(line, timeZone).next(Date.parse(after));
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 19);
};

// 1 January 2030 is a Tuesday.
describe('the next moment of', () => {
  test.each([
    ['* * * * *', '2030-01-01T00:00:00Z', '2030-01-01T00:01:00'],
    ['* * * * *', '2030-01-01T00:00:59.999Z', '2030-01-01T00:01:00'],
    ['*/15 * * * *', '2030-01-01T00:01:00Z', '2030-01-01T00:15:00'],
    ['*/15 * * * *', '2030-01-01T00:45:00Z', '2030-01-01T01:00:00'],
    ['5/20 * * * *', '2030-01-01T00:26:00Z', '2030-01-01T00:45:00'],
    ['10-12 * * * *', '2030-01-01T00:12:00Z', '2030-01-01T01:10:00'],
    ['0-30/10 * * * *', '2030-01-01T00:20:00Z', '2030-01-01T00:30:00'],
    ['5,35 * * * *', '2030-01-01T00:05:00Z', '2030-01-01T00:35:00'],
    ['30 3 * * *', '2030-01-01T04:00:00Z', '2030-01-02T03:30:00'],
    ['0 0 31 * *', '2030-02-01T00:00:00Z', '2030-03-31T00:00:00'],
    ['0 0 29 2 *', '2030-01-01T00:00:00Z', '2032-02-29T00:00:00'],
    ['0 0 1 jul *', '2030-01-01T00:00:00Z', '2030-07-01T00:00:00'],
    ['0 0 1 JAN-MAR *', '2030-01-15T00:00:00Z', '2030-02-01T00:00:00'],
    ['0 12 * * mon', '2030-01-01T00:00:00Z', '2030-01-07T12:00:00'],
    ['0 12 * * 0', '2030-01-01T00:00:00Z', '2030-01-06T12:00:00'],
    ['0 12 * * MON-FRI', '2030-01-04T13:00:00Z', '2030-01-07T12:00:00'],
    ['0 0 13 * 5', '2030-01-01T00:00:00Z', '2030-01-04T00:00:00'],
    ['0 0 */20 * 5', '2030-01-01T00:00:00Z', '2030-01-04T00:00:00'],
    ['0 0 */1 * 5', '2030-01-01T00:00:00Z', '2030-01-04T00:00:00'],
    ['0 0 13 * ?', '2030-01-01T00:00:00Z', '2030-01-13T00:00:00'],
    ['@hourly', '2030-01-01T00:00:00Z', '2030-01-01T01:00:00'],
    ['@daily', '2030-01-01T00:00:00Z', '2030-01-02T00:00:00'],
    ['@midnight', '2030-01-01T12:00:00Z', '2030-01-02T00:00:00'],
    ['@weekly', '2030-01-01T00:00:00Z', '2030-01-06T00:00:00'],
    ['@monthly', '2030-01-01T00:00:00Z', '2030-02-01T00:00:00'],
    ['@yearly', '2030-01-01T00:00:00Z', '2031-01-01T00:00:00'],
    ['@annually', '2030-06-01T00:00:00Z', '2031-01-01T00:00:00'],
    ['@every 90s', '2030-01-01T00:00:00Z', '2030-01-01T00:01:30'],
    ['@every 1h30m', '2030-01-01T00:00:00Z', '2030-01-01T01:30:00'],
    ['@every 1h1m1s', '2030-01-01T00:00:00Z', '2030-01-01T01:01:01'],
    ['  1   2  *  * * ', '2030-01-01T00:00:00Z', '2030-01-01T02:01:00'],
  ])('%s after %s is %s', (line, after, expected) => {
    expect(next(line, after)).toBe(expected);
  });

  test('a day that never comes is none', () => {
    expect(next('0 0 30 2 *', '2030-01-01T00:00:00Z')).toBeUndefined();
  });
});

describe('in a time zone, the next moment of', () => {
  test.each([
    ['0 9 * * *', 'Europe/Berlin', '2030-01-01T00:00:00Z', '2030-01-01T08:00:00'],
    ['0 9 * * *', 'Europe/Berlin', '2030-07-01T00:00:00Z', '2030-07-01T07:00:00'],
    ['0 0 1 * *', 'Asia/Tokyo', '2030-01-01T00:00:00Z', '2030-01-31T15:00:00'],
    ['0 0 * * mon', 'America/New_York', '2030-01-01T00:00:00Z', '2030-01-07T05:00:00'],
    ['*/30 * * * *', 'Asia/Kathmandu', '2030-01-01T00:00:00Z', '2030-01-01T00:15:00'],
    ['15 14 1 * *', 'Asia/Kolkata', '2030-01-01T09:00:00Z', '2030-02-01T08:45:00'],
    // The clocks of Berlin are set on 31 March 2030, from 2 to 3, and on 27 October, from 3 to 2.
    ['30 2 * * *', 'Europe/Berlin', '2030-03-30T02:00:00Z', '2030-04-01T00:30:00'],
    ['0 0 1 * *', 'Europe/Berlin', '2030-03-30T00:00:00Z', '2030-03-31T22:00:00'],
    ['30 2 * * *', 'Europe/Berlin', '2030-10-26T12:00:00Z', '2030-10-27T00:30:00'],
    ['30 2 * * *', 'Europe/Berlin', '2030-10-27T00:30:00Z', '2030-10-27T01:30:00'],
    ['0 0 28 10 *', 'Europe/Berlin', '2030-10-01T00:00:00Z', '2030-10-27T23:00:00'],
    // There they are set at midnight, by an hour and by half an hour.
    ['0 1 * * *', 'Africa/Cairo', '2030-04-25T12:00:00Z', '2030-04-25T22:00:00'],
    ['15 2 * * *', 'Australia/Lord_Howe', '2030-10-05T12:00:00Z', '2030-10-06T15:15:00'],
    ['@hourly', 'Asia/Kathmandu', '2030-01-01T00:00:00Z', '2030-01-01T00:15:00'],
    ['@every 90s', 'Asia/Kathmandu', '2030-01-01T00:00:00Z', '2030-01-01T00:01:30'],
  ])('%s in %s after %s is %s', (line, zone, after, expected) => {
    expect(next(line, after, zone)).toBe(expected);
  });

  test('each day of a year at three is one a day', () => {
    const days: string[] = [];
    const { next: following } = parseSchedule('0 3 * * *', 'Europe/Berlin');
    let time = Date.parse('2029-12-31T23:00:00Z');
    for (let count = 0; count < 365; count += 1) {
      time = following(time) ?? 0;
      days.push(new Date(time).toISOString().slice(0, 10));
    }
    expect([new Set(days).size, days.at(-1)]).toEqual([365, '2030-12-31']);
  });
});

describe('a line that is none', () => {
  test.each([
    ['', 'expected exactly 5 fields, found 1: []'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
    ['@often', 'unrecognized descriptor: @often'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
    ['@every ', 'failed to parse duration @every : time: invalid duration ""'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* 24 * * *', 'end of range (24) above maximum (23): 24'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * * 13 *', 'end of range (13) above maximum (12): 13'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['*/x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['*/1.5 * * * *', 'failed to parse int from 1.5: strconv.Atoi: parsing "1.5": invalid syntax'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ])('%j is refused: %s', (line, message) => {
    expect(() => parseSchedule(line)).toThrow(message);
  });
});
