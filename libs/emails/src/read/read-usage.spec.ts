import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemClock, timeOfId } from '#libs/crypto';
import { ReadUsage } from './read-usage.js';
import type { UsageRepository } from './usage.repository.js';

describe('usage', () => {
  /** Times at which emails were accepted. */
  let accepted: Date[];
  let asked: [string, string][];
  let usage: ReadUsage;

  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-08-05T12:00:00Z') });
    accepted = [];
    asked = [];
    const repository = {
      countEmails: (_: string, fromId: string, toId: string) => {
        const [from, to] = [timeOfId(fromId), timeOfId(toId)];
        asked.push([from.toISOString(), to.toISOString()]);
        return Promise.resolve(accepted.filter((at) => at >= from && at < to).length);
      },
      countDomains: () => Promise.resolve(2),
    } as unknown as UsageRepository;
    usage = new ReadUsage(repository, new SystemClock());
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const counts = async () => {
    const { daily, monthly, domains } = await usage.execute('p');
    return { daily, monthly, domains };
  };

  it('counts the calendar day and month, in UTC', async () => {
    accepted = [
      '2026-07-31T23:59:59.999Z',
      '2026-08-01T00:00:00Z',
      '2026-08-04T23:59:59Z',
      '2026-08-05T00:00:00Z',
      '2026-08-05T11:59:00Z',
    ].map((time) => new Date(time));
    expect(await counts()).toEqual({ daily: 2, monthly: 4, domains: 2 });
  });

  it('asks once for those who ask within five seconds', async () => {
    await Promise.all([counts(), counts(), counts()]);
    await jest.advanceTimersByTimeAsync(4_000);
    await counts();
    expect(asked).toHaveLength(4);
  });

  it('counts what is long past once, and adds what has come since', async () => {
    accepted = [new Date('2026-08-02T00:00:00Z'), new Date('2026-08-05T11:55:00Z')];
    await counts();
    asked = [];
    accepted.push(new Date('2026-08-05T12:00:10Z'));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await counts()).toEqual({ daily: 2, monthly: 3, domains: 2 });
    expect(asked.map(([from]) => from).sort()[0]).toBe('2026-08-05T11:50:00.000Z');
  });

  it('begins anew with the day and with the month', async () => {
    accepted = [new Date('2026-08-05T11:00:00Z')];
    await counts();
    jest.setSystemTime(new Date('2026-08-06T00:30:00Z'));
    await jest.advanceTimersByTimeAsync(6_000);
    expect(await counts()).toMatchObject({ daily: 0, monthly: 1 });
    jest.setSystemTime(new Date('2026-09-01T00:00:05Z'));
    await jest.advanceTimersByTimeAsync(6_000);
    expect(await counts()).toMatchObject({ daily: 0, monthly: 0 });
  });
});
