import { describe, expect, it } from '@jest/globals';
import type { CronJob } from '../../../src/sandbox/store/objects.ts';
import { FieldErrors } from '../../../src/sandbox/store/rules/validation/field-errors.ts';
import { validateCronJob } from '../../../src/sandbox/store/rules/validation/workloads.ts';
import { job } from '../controllers/support/templates.ts';

function problems(spec: object): (string | undefined)[] {
  const errors = new FieldErrors();
  const whole = { schedule: '0 9 * * *', concurrencyPolicy: 'Allow', jobTemplate: job('tick'), ...spec };
  validateCronJob({ metadata: { name: 'tick' }, spec: whole } as unknown as CronJob, errors);
  return errors.causes.filter(({ field }) => !field?.includes('jobTemplate')).map(({ message }) => message);
}

describe('the time zone of a cron job', () => {
  it.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5', 'US/Pacific', 'Asia/Calcutta'])(
    'may be %s',
    (timeZone) => {
      expect(problems({ timeZone })).toEqual([]);
    },
  );

  const explicit = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  it.each<[string, string]>([
    ['Europe/Nowhere', 'unknown time zone Europe/Nowhere'],
    ['europe/berlin', 'unknown time zone europe/berlin'],
    ['+01:00', 'unknown time zone +01:00'],
    ['+0100', 'unknown time zone +0100'],
    ['../Berlin', 'unknown time zone ../Berlin'],
    ['Europe/', 'unknown time zone Europe/'],
    ['Local', explicit],
    ['', 'timeZone must be nil or non-empty string'],
  ])('is refused: %j', (timeZone, why) => {
    expect(problems({ timeZone })).toEqual([`Invalid value: "${timeZone}": ${why}`]);
  });

  it.each(['TZ=Europe/Berlin 0 9 * * *', 'CRON_TZ=Europe/Berlin 0 9 * * *'])(
    'is none in the schedule: %s',
    (schedule) => {
      const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
      expect(problems({ schedule })).toEqual([`Invalid value: "${schedule}": ${why}`]);
    },
  );
});
