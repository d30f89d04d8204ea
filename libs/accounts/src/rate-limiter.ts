import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#libs/config';
import { AppError } from '#libs/errors';

interface Window {
  startedAt: number;
  used: number;
}

/** What a tenant has left of the current second. */
export interface RateWindow {
  limit: number;
  remaining: number;
  resetMs: number;
  /** Set when the request is one too many. */
  refusal: AppError | undefined;
}

/** Requests per second of one tenant on this process; a submission by SMTP is a request. */
@Injectable()
export class RateLimiter {
  private readonly windows = new LRUCache<string, Window>({ max: 50_000 });
  /** Requests per second. */
  readonly limit: number;

  constructor(@Inject(CONFIG) config: Config) {
    this.limit = config.http.rateLimit;
  }

  /** Counts one request. */
  charge(tenant: string): RateWindow {
    const now = performance.now();
    let window = this.windows.get(tenant);
    if (window === undefined || now - window.startedAt >= 1_000) {
      window = { startedAt: now, used: 0 };
      this.windows.set(tenant, window);
    }
    window.used += 1;
    const resetMs = Math.max(0, 1_000 - (now - window.startedAt));
    const remaining = Math.max(0, this.limit - window.used);
    const refusal = window.used > this.limit ? tooMany(this.limit, resetMs) : undefined;
    return { limit: this.limit, remaining, resetMs, refusal };
  }
}

function tooMany(limit: number, retryAfterMs: number): AppError {
  return new AppError({
    code: 'http.rate_limited',
    kind: 'rate_limited',
    message: `Too many requests. You can only make ${limit} requests per second.`,
    retryAfterMs,
  });
}
