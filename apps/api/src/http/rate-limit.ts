import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#libs/config';
import { AppError } from '#libs/errors';

interface Window {
  startedAt: number;
  used: number;
}

/** Requests per second of one tenant on this process, told in the headers of the IETF draft that Resend follows. */
@Injectable()
export class RateLimit {
  private readonly windows = new LRUCache<string, Window>({ max: 50_000 });
  private readonly limit: number;

  constructor(@Inject(CONFIG) config: Config) {
    this.limit = config.http.rateLimit;
  }

  /** @throws AppError rate_limited */
  charge(tenant: string, reply: FastifyReply): void {
    const now = performance.now();
    let window = this.windows.get(tenant);
    if (window === undefined || now - window.startedAt >= 1_000) {
      window = { startedAt: now, used: 0 };
      this.windows.set(tenant, window);
    }
    window.used += 1;
    const resetMs = Math.max(0, 1_000 - (now - window.startedAt));
    reply.header('ratelimit-limit', String(this.limit));
    reply.header('ratelimit-remaining', String(Math.max(0, this.limit - window.used)));
    reply.header('ratelimit-reset', String(Math.ceil(resetMs / 1000)));
    reply.header('ratelimit-policy', `${this.limit};w=1`);
    if (window.used <= this.limit) return;
    throw new AppError({
      code: 'http.rate_limited',
      kind: 'rate_limited',
      message: `Too many requests. You can only make ${this.limit} requests per second.`,
      retryAfterMs: resetMs,
    });
  }
}
