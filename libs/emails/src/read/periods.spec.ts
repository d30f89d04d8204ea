import { describe, expect, it } from '@jest/globals';
import { periodsOf } from './periods.js';

describe('the day and the month of a moment', () => {
  it.each([
    ['2026-08-05T12:00:00Z', '2026-08-05', '2026-08-06', '2026-08-01', '2026-09-01'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31', '2027-01-01', '2026-12-01', '2027-01-01'],
    ['2028-02-29T00:00:00Z', '2028-02-29', '2028-03-01', '2028-02-01', '2028-03-01'],
  ])('%s', (now, day, nextDay, month, nextMonth) => {
    const midnight = (date: string) => new Date(`${date}T00:00:00Z`);
    expect(periodsOf(new Date(now))).toEqual({
      day: midnight(day),
      nextDay: midnight(nextDay),
      month: midnight(month),
      nextMonth: midnight(nextMonth),
    });
  });
});
