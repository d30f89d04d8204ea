import { describe, expect, it } from '@jest/globals';
import { judgeReputation } from './judge-reputation.js';

const limits = {
  windowHours: 24,
  minimum: 1000,
  bounces: { warning: 0.03, ceiling: 0.05 },
  complaints: { warning: 0.001, ceiling: 0.003 },
};

describe('the judgement of a reputation', () => {
  it.each([
    [999, 999, 999, 'good'],
    [1000, 0, 0, 'good'],
    [1000, 29, 0, 'good'],
    [1000, 30, 0, 'warned'],
    [1000, 49, 0, 'warned'],
    [1000, 50, 0, 'paused'],
    [10_000, 0, 9, 'good'],
    [10_000, 0, 10, 'warned'],
    [10_000, 0, 29, 'warned'],
    [10_000, 0, 30, 'paused'],
    [10_000, 500, 10, 'paused'],
  ])('of %d recipients with %d bounces and %d complaints: %s', (recipients, bounced, complained, level) => {
    expect(judgeReputation({ recipients, bounced, complained }, limits).level).toBe(level);
  });

  it('says what is wrong, what AWS would do, and how to go on', () => {
    expect(judgeReputation({ recipients: 2000, bounced: 246, complained: 0 }, limits).reason).toBe(
      'Sesame paused this connection to protect its SES account: 246 bounces of mail to 2000 recipients within 24 hours (12 %); ' +
        'AWS reviews an account from 5 % on and stops its sending from 10 % on. ' +
        'Its mail waits. Find out where the addresses come from, then resume it with {"paused": false}.',
    );
  });
});
