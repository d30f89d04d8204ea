import { describe, expect, it } from '@jest/globals';
import { Followings } from './followings.js';

class Air {
  private listener: (message: string) => void = () => undefined;
  private gap: () => void = () => undefined;
  on(_: string, listener: (message: string) => void): void {
    this.listener = listener;
  }
  onGap(listener: () => void): void {
    this.gap = listener;
  }
  say(domainId: string): void {
    this.listener(domainId);
  }
  tear(): void {
    this.gap();
  }
}

const make = (waitMs: number) => {
  const air = new Air();
  const followings = new Followings(air, { domains: { dnsServers: [], waitMs } });
  return { air, followings };
};

describe('waiting for a domain to be followed', () => {
  it('ends with the first look that finds something', async () => {
    const { followings } = make(60_000);
    expect(await followings.wait('d1', () => Promise.resolve('there'))).toBe('there');
  });

  it('looks again at every announcement, and at gaps, of its own domain', async () => {
    const { air, followings } = make(60_000);
    const looks: number[] = [];
    const speak = [() => air.say('d1'), () => air.tear(), () => air.say('d1')];
    const found = await followings.wait('d1', () => {
      const say = speak[looks.length];
      looks.push(looks.length);
      // While it looks: nothing may fall between looking and listening.
      say?.();
      return Promise.resolve(say === undefined ? 'there' : undefined);
    });
    expect(found).toBe('there');
    expect(looks).toEqual([0, 1, 2, 3]);
  });

  it('ends empty when the time is over', async () => {
    const { followings } = make(0);
    expect(await followings.wait('d1', () => Promise.resolve(undefined))).toBeUndefined();
  });

  it('passes errors on', async () => {
    const { followings } = make(60_000);
    await expect(followings.wait('d1', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });
});
