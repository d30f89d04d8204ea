import { describe, expect, it } from '@jest/globals';
import { parseSchedule } from './schedule.js';

/** A Wednesday. */
const now = new Date('2026-08-05T12:00:00.000Z');
const read = (text: string) => {
  const schedule = parseSchedule(text, now);
  return 'at' in schedule ? schedule.at.toISOString() : schedule.problem;
};

describe('an ISO 8601 time', () => {
  it.each([
    ['2026-08-06T11:52:01.858Z', '2026-08-06T11:52:01.858Z'],
    ['2026-08-06T11:52:01Z', '2026-08-06T11:52:01.000Z'],
    ['2026-08-06T11:52Z', '2026-08-06T11:52:00.000Z'],
    ['2026-08-06t11:52:01z', '2026-08-06T11:52:01.000Z'],
    ['2026-08-06T11:52:01.858123Z', '2026-08-06T11:52:01.858Z'],
    ['2026-08-06T11:52:01.858123456Z', '2026-08-06T11:52:01.858Z'],
    ['2026-08-06T11:52:01+02:00', '2026-08-06T09:52:01.000Z'],
    ['2026-08-06T11:52:01-07:00', '2026-08-06T18:52:01.000Z'],
    ['2026-08-06T11:52:01+0000', '2026-08-06T11:52:01.000Z'],
    ['2026-08-06T11:52:01+0200', '2026-08-06T09:52:01.000Z'],
    ['2026-08-06T11:52:01-0700', '2026-08-06T18:52:01.000Z'],
    ['2026-08-06T11:52:01.858+0530', '2026-08-06T06:22:01.858Z'],
    ['2026-08-06T11:52:01', '2026-08-06T11:52:01.000Z'],
    ['2026-08-06T11:52:01.858123', '2026-08-06T11:52:01.858Z'],
    ['2026-08-06T11:52', '2026-08-06T11:52:00.000Z'],
    ['2026-08-06 11:52:01', '2026-08-06T11:52:01.000Z'],
    ['2026-08-06 11:52:01.858123+00:00', '2026-08-06T11:52:01.858Z'],
    ['2026-08-06 11:52:01 +0200', '2026-08-06T09:52:01.000Z'],
    ['2026-08-06 11:52:01.674981+00', '2026-08-06T11:52:01.674Z'],
    ['2026-08-06 11:52:01+02', '2026-08-06T09:52:01.000Z'],
    ['2026-08-06', '2026-08-06T00:00:00.000Z'],
    ['  2026-08-06T11:52:01Z\n', '2026-08-06T11:52:01.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['2026-08-05T11:59:59Z', '2026-08-05T11:59:59.000Z'],
    ['2020-01-01', '2020-01-01T00:00:00.000Z'],
  ])('%s in the past is taken as it is', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    '2026-13-01T00:00:00Z',
    '2026-08-32',
    '2026-08-06T25:00:00Z',
    '2026-08-06T11:60:00Z',
    '2026-08-06T11:52:01+99:00',
  ])('%s does not exist', (text) => {
    expect(read(text)).toMatch(/^must be an ISO 8601 date/);
  });
});

describe('a phrase', () => {
  it.each([
    ['in 1 min', '2026-08-05T12:01:00.000Z'],
    ['in 5 min', '2026-08-05T12:05:00.000Z'],
    ['in 1 hour', '2026-08-05T13:00:00.000Z'],
    ['In 1 Hour', '2026-08-05T13:00:00.000Z'],
    ['in 2 days', '2026-08-07T12:00:00.000Z'],
    ['tomorrow at 9am', '2026-08-06T09:00:00.000Z'],
    ['Friday at 3pm ET', '2026-08-07T19:00:00.000Z'],
    ['today at 1pm', '2026-08-05T13:00:00.000Z'],
    ['Monday at 10:30', '2026-08-10T10:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('with a zone follows its winter time', () => {
    const schedule = parseSchedule('Friday at 3pm ET', new Date('2026-12-02T12:00:00Z'));
    expect(schedule).toEqual({ at: new Date('2026-12-04T20:00:00.000Z') });
  });

  it('does not depend on the zone of the machine', () => {
    const zone = process.env['TZ'];
    try {
      for (const other of ['Asia/Tokyo', 'America/Los_Angeles']) {
        process.env['TZ'] = other;
        expect(read('tomorrow at 9am')).toBe('2026-08-06T09:00:00.000Z');
        expect(read('2026-08-06T11:52')).toBe('2026-08-06T11:52:00.000Z');
      }
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it.each(['', '   ', 'whenever', 'soon™', '12', 'never', '\u0000', 'null', '{}'])(
    '%j says nothing',
    (text) => {
      expect(read(text)).toMatch(/^must be an ISO 8601 date/);
    },
  );
});

describe('the limit of 30 days', () => {
  it.each([
    ['2026-09-04T12:00:00.000Z', '2026-09-04T12:00:00.000Z'],
    ['2026-09-04T12:00:00.001Z', 'must be at most 30 days ahead'],
    ['2027-01-01', 'must be at most 30 days ahead'],
    ['9999-12-31T23:59:59Z', 'must be at most 30 days ahead'],
    ['in 29 days', '2026-09-03T12:00:00.000Z'],
    ['in 31 days', 'must be at most 30 days ahead'],
    ['in 2 months', 'must be at most 30 days ahead'],
  ])('%s: %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});
