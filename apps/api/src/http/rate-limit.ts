import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RateLimiter } from '#libs/accounts';

/** The tenant's rate limit, told in the headers of the IETF draft that Resend follows. */
@Injectable()
export class RateLimit {
  constructor(@Inject(RateLimiter) private readonly limiter: RateLimiter) {}

  /** @throws AppError rate_limited */
  charge(tenant: string, reply: FastifyReply): void {
    const { limit, remaining, resetMs, refusal } = this.limiter.charge(tenant);
    reply.header('ratelimit-limit', String(limit));
    reply.header('ratelimit-remaining', String(remaining));
    reply.header('ratelimit-reset', String(Math.ceil(resetMs / 1000)));
    reply.header('ratelimit-policy', `${limit};w=1`);
    if (refusal !== undefined) throw refusal;
  }
}
