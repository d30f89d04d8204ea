import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Clock } from '#libs/crypto';
import { ReadDomains } from '#libs/domains';
import { ReadMetrics } from '#libs/metrics';
import { Allow, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { emailMetricsRows, endOf, granularityOf, select, startOf } from './email-metrics.js';
import {
  emailMetrics,
  emailMetricsQuerySchema,
  emailMetricsSchema,
  type EmailMetricsQuery,
} from './email-metrics.schemas.js';

const MAX_DOMAINS = 1_000;

/** Resend's `/emails/metrics`. */
@ApiTags('Metrics')
@ApiBearerAuth()
@Allow('project')
@Controller('emails/metrics')
export class EmailMetricsController {
  constructor(
    @Inject(ReadMetrics) private readonly metrics: ReadMetrics,
    @Inject(ReadDomains) private readonly domains: ReadDomains,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get()
  @Answers(200, emailMetricsSchema)
  async get(
    @ProjectId() projectId: string,
    @Query({ schema: emailMetricsQuerySchema }) query: EmailMetricsQuery,
  ) {
    const { granularity, metrics = [...emailMetrics], dimensions = [] } = query;
    const byDomain = dimensions.includes('domain');
    const end = endOf(query.end_date);
    const answer = await this.metrics.execute(projectId, {
      from: query.start_date ?? startOf(end, this.clock.now()),
      to: end,
      granularity: granularityOf[granularity],
      timeZone: query.timezone,
      groupBy: byDomain ? 'domain' : undefined,
      connectionId: undefined,
      domains: await this.namesOf(projectId, query.domain_id),
      tagName: undefined,
      tagValue: undefined,
    });
    const layout = {
      metrics,
      byPeriod: dimensions.includes('period'),
      byDomain,
      domainIds: byDomain ? await this.idsByName(projectId) : new Map<string, string>(),
    };
    return {
      object: 'metrics',
      start_date: (answer.starts[0] ?? answer.end).toISOString(),
      end_date: answer.end.toISOString(),
      metrics,
      dimensions,
      granularity,
      totals: select(answer.all.totals.counts, metrics),
      ...(dimensions.length > 0 && { data: emailMetricsRows(answer, layout) }),
    };
  }

  /** @throws AppError `domain.not_found` */
  private async namesOf(
    projectId: string,
    ids: readonly string[] | undefined,
  ): Promise<string[] | undefined> {
    if (ids === undefined) return undefined;
    const domains = await Promise.all(ids.map((id) => this.domains.get(projectId, id)));
    return domains.map(({ name }) => name);
  }

  private async idsByName(projectId: string): Promise<Map<string, string>> {
    const page = { limit: MAX_DOMAINS, after: undefined, before: undefined };
    const { domains } = await this.domains.list(projectId, page);
    return new Map(domains.map(({ name, id }) => [name, id]));
  }
}
