import { describe, expect, it } from '@jest/globals';
import { bucketStarts, isTimeZone, type Granularity } from './buckets.js';
import { momentOf } from './moment.js';

const starts = (from: string, to: string, granularity: Granularity, zone = 'UTC', max = 100) => {
  const buckets = bucketStarts(new Date(from), new Date(to), granularity, zone, max);
  return buckets && { starts: buckets.starts.map((at) => at.toISOString()), end: buckets.end.toISOString() };
};

describe('bucketStarts', () => {
  it('covers what a range touches, from whole hours on', () => {
    expect(starts('2026-08-05T10:30:00Z', '2026-08-05T12:00:00.001Z', 'hour')).toEqual({
      starts: ['2026-08-05T10:00:00.000Z', '2026-08-05T11:00:00.000Z', '2026-08-05T12:00:00.000Z'],
      end: '2026-08-05T13:00:00.000Z',
    });
    expect(starts('2026-08-05T10:00:00Z', '2026-08-05T11:00:00Z', 'hour')?.starts).toHaveLength(1);
  });

  it('has days of the time zone', () => {
    expect(starts('2026-08-05T00:00:00Z', '2026-08-06T00:00:00Z', 'day', 'America/New_York')).toEqual({
      starts: ['2026-08-04T04:00:00.000Z', '2026-08-05T04:00:00.000Z'],
      end: '2026-08-06T04:00:00.000Z',
    });
    expect(starts('2026-08-05T00:00:00Z', '2026-08-05T01:00:00Z', 'day', 'Asia/Kolkata')?.starts).toEqual([
      '2026-08-04T18:30:00.000Z',
    ]);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29', ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']],
    ['Europe/Berlin', '2026-10-25', ['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']],
    // Midnight is skipped.
    ['America/Santiago', '2026-09-06', ['2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z']],
    ['Africa/Cairo', '2026-04-24', ['2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z']],
    // Midnight comes twice.
    ['America/Havana', '2026-11-01', ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z']],
    ['Asia/Amman', '2021-10-29', ['2021-10-28T21:00:00.000Z', '2021-10-29T22:00:00.000Z']],
    ['Pacific/Apia', '2026-01-01', ['2025-12-31T11:00:00.000Z', '2026-01-01T11:00:00.000Z']],
  ])('has days of 23 and 25 hours: %s, %s', (zone, date, [start = '', end]) => {
    expect(momentOf(date, zone).toISOString()).toBe(start);
    const noon = new Date(Date.parse(start) + 12 * 3_600_000).toISOString();
    const afterNoon = new Date(Date.parse(noon) + 1).toISOString();
    expect(starts(noon, afterNoon, 'day', zone)).toEqual({ starts: [start], end });
  });

  it('has weeks from Monday and months', () => {
    expect(starts('2026-08-05T00:00:00Z', '2026-08-11T00:00:00Z', 'week')).toEqual({
      starts: ['2026-08-03T00:00:00.000Z', '2026-08-10T00:00:00.000Z'],
      end: '2026-08-17T00:00:00.000Z',
    });
    expect(starts('2026-01-31T00:00:00Z', '2026-03-01T00:00:00Z', 'month')).toEqual({
      starts: ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
      end: '2026-03-01T00:00:00.000Z',
    });
  });

  it('leaves no gap and no overlap over a year, whatever the zone', () => {
    for (const zone of ['UTC', 'Europe/London', 'Australia/Lord_Howe', 'America/St_Johns']) {
      const buckets = bucketStarts(
        new Date('2026-01-01T00:00:00Z'),
        new Date('2027-01-01T00:00:00Z'),
        'day',
        zone,
        400,
      );
      const all = [...(buckets?.starts ?? []), buckets?.end ?? new Date(0)];
      expect(all.length).toBeGreaterThan(365);
      for (const [index, at] of all.slice(1).entries()) {
        const hours = (at.getTime() - (all[index]?.getTime() ?? 0)) / 3_600_000;
        expect(hours >= 23 && hours <= 25).toBe(true);
      }
    }
  });

  it('makes no more buckets than may be', () => {
    expect(starts('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z', 'hour', 'UTC', 48)?.starts).toHaveLength(
      48,
    );
    expect(starts('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z', 'hour', 'UTC', 47)).toBeUndefined();
    expect(starts('0001-01-01T00:00:00Z', '9999-01-01T00:00:00Z', 'day', 'Europe/Paris')).toBeUndefined();
  });
});

describe('isTimeZone', () => {
  it.each([
    ['UTC', true],
    ['Europe/Berlin', true],
    ['europe/berlin', true],
    ['+02:00', false],
    ['Europe/Atlantis', false],
    ["'; DROP TABLE emails", false],
    ['x'.repeat(65), false],
  ])('%s: %s', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});
