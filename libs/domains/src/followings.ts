import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Broadcast } from '#libs/database';

/** Broadcast with a domain's id when a worker has looked at it. */
export const domainFollowedTopic = 'domain.followed';
/** The second line, should a broadcast be lost. */
const lookEveryMs = 1_000;

/** Waiting for the worker: the web tier has no AWS rights, and the first answer about a domain should have its records. */
@Injectable()
export class Followings {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(
    @Inject(Broadcast) broadcast: Pick<Broadcast, 'on' | 'onGap'>,
    @Inject(CONFIG) private readonly config: Pick<Config, 'domains'>,
  ) {
    broadcast.on(domainFollowedTopic, (domainId) => {
      for (const wake of this.waiting.get(domainId) ?? []) wake();
    });
    broadcast.onGap(() => {
      for (const wakes of this.waiting.values()) for (const wake of wakes) wake();
    });
  }

  /**
   * Asks `look` now, after every announcement and once a second, until it gives something or the time is over.
   *
   * @returns undefined when the time is over
   */
  async wait<T>(domainId: string, look: () => Promise<T | undefined>): Promise<T | undefined> {
    const endMs = performance.now() + this.config.domains.waitMs;
    for (;;) {
      const announced = this.next(domainId);
      try {
        const found = await look();
        const leftMs = endMs - performance.now();
        if (found !== undefined || leftMs <= 0) return found;
        await announced.within(Math.min(leftMs, lookEveryMs));
      } finally {
        announced.forget();
      }
    }
  }

  /** Listens before the caller looks, so that nothing falls between. */
  private next(domainId: string): { within(ms: number): Promise<void>; forget(): void } {
    const wakes = this.waiting.get(domainId) ?? new Set();
    this.waiting.set(domainId, wakes);
    let timer: NodeJS.Timeout | undefined;
    let wake = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      wake = resolve;
    });
    wakes.add(wake);
    return {
      within: (ms) => {
        timer = setTimeout(wake, ms);
        return heard;
      },
      forget: () => {
        clearTimeout(timer);
        wakes.delete(wake);
        if (wakes.size === 0) this.waiting.delete(domainId);
      },
    };
  }
}
