import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { RateLimiter } from '#libs/accounts';
import { ReadUsage } from '#libs/emails';
import { Allow, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { usageSchema } from './usage.schemas.js';

/** Resend's `/usage`. What Sesame does not have is used zero times. */
@ApiTags('Usage')
@ApiBearerAuth()
@Allow('project')
@Controller('usage')
export class UsageController {
  constructor(
    @Inject(ReadUsage) private readonly usage: ReadUsage,
    @Inject(RateLimiter) private readonly rateLimiter: RateLimiter,
  ) {}

  @Get()
  @Answers(200, usageSchema)
  async get(@ProjectId() projectId: string) {
    const { daily, monthly, domains, periods } = await this.usage.execute(projectId);
    const none = { used: 0, limit: null };
    const month = periods.nextMonth.toISOString();
    return {
      object: 'usage',
      emails: {
        daily: {
          used: daily,
          limit: null,
          sent: daily,
          received: 0,
          resets_at: periods.nextDay.toISOString(),
        },
        monthly: { used: monthly, limit: null, sent: monthly, received: 0, resets_at: month },
      },
      contacts: none,
      segments: none,
      broadcasts: none,
      ai_credits: { ...none, next_increase_at: null },
      automation_runs: { ...none, resets_at: month },
      domains: { used: domains, limit: null },
      rate_limit: { limit: this.rateLimiter.limit, duration: '1000ms' },
    };
  }
}
