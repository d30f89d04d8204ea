import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pace } from './pace.js';

/** Sends `recipients` mails one after the other, as ClaimSender does: waits, then checks the next. Stalls hold the whole process. */
function leave(
  claims: readonly { delayMs: number; spacingMs: number; recipients: number }[],
  stalls: readonly { at: number; ms: number }[],
): { times: number[]; notBeforeMs: number } {
  let now = 0;
  const pace = new Pace(() => now);
  const open = [...stalls].sort((a, b) => a.at - b.at);
  const times: number[] = [];
  const plans = claims.map((claim) => ({ ...claim, waits: pace.reserve(claim, claim.recipients) }));
  for (const { recipients, waits } of plans) {
    for (let before = 0; before < recipients; before++) {
      now += Math.max(0, waits(before));
      while (open[0] !== undefined && open[0].at <= now) now += open.shift()?.ms ?? 0;
      times.push(now);
    }
  }
  return { times, notBeforeMs: pace.notBeforeMs };
}

function mostInOneSecond(times: readonly number[]): number {
  let most = 0;
  for (let from = 0, to = 0; from < times.length; from++) {
    while (to < times.length && (times[to] ?? 0) < (times[from] ?? 0) + 1_000) to += 1;
    most = Math.max(most, to - from);
  }
  return most;
}

describe('Pace', () => {
  const claim = { delayMs: 0, spacingMs: 10, recipients: 100 };

  it('gives each recipient its place', () => {
    const { times } = leave([claim], []);
    expect(times).toEqual(Array.from({ length: 100 }, (_, index) => index * 10));
  });

  it('catches up a little lateness', () => {
    const { times } = leave([claim], [{ at: 100, ms: 20 }]);
    expect(times.filter((time) => time === 120)).toHaveLength(3);
    expect(times.at(-1)).toBe(990);
  });

  it('loses the places of a stall instead of sending them at once, those of the next claim too', () => {
    const { times } = leave([claim, { ...claim, delayMs: 1_000 }], [{ at: 500, ms: 600 }]);
    expect(times.filter((time) => time >= 1_100)).toHaveLength(150);
    expect(mostInOneSecond(times)).toBeLessThanOrEqual(101);
    expect(times.at(-1)).toBe(2_580);
  });

  it('does not put a claim among the places before it', () => {
    const { times } = leave([claim, { ...claim, delayMs: 700 }], []);
    expect(mostInOneSecond(times)).toBe(100);
  });

  it('asks for places behind those that are not used yet', () => {
    let now = 0;
    const pace = new Pace(() => now);
    expect(pace.notBeforeMs).toBe(0);
    const wait = pace.reserve(claim, 100);
    expect(pace.notBeforeMs).toBe(975);
    now = 600;
    wait(10);
    expect(pace.notBeforeMs).toBe(875);
    now = 10_000;
    expect(pace.notBeforeMs).toBe(0);
  });

  it('is never over the rate by more than what it catches up, whatever holds the process', () => {
    const stall = fc.record({ at: fc.nat(5_000), ms: fc.nat(1_500) });
    const rates = fc.constantFrom(14, 50, 200, 900);
    fc.assert(
      fc.property(rates, fc.array(stall, { maxLength: 8 }), (rate, stalls) => {
        const spacingMs = 1_000 / rate;
        const claims = Array.from({ length: 10 }, (_, index) => ({
          delayMs: index * 40 * spacingMs,
          spacingMs,
          recipients: 40,
        }));
        const { times } = leave(claims, stalls);
        // One for each end of the window; what is late by less than 25 ms goes at once.
        expect(mostInOneSecond(times)).toBeLessThanOrEqual(Math.ceil(rate * 1.025) + 2);
      }),
    );
  });
});
