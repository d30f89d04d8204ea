import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Projects, type Principal } from '#libs/accounts';
import { ReadMetrics } from '#libs/metrics';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { metricsQuerySchema, metricsSchema } from './metrics.schemas.js';
import { presentMetrics } from './present-metrics.js';

@ApiTags('Metrics')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects/:id/metrics')
export class ProjectMetricsController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ReadMetrics) private readonly metrics: ReadMetrics,
  ) {}

  /** Counted by hour (kept for 90 days, those of tags for 31) and by day; a late event counts in the hour in which it happened. */
  @Get()
  @Answers(200, metricsSchema)
  async get(
    @Caller() caller: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: metricsQuerySchema }) query: z.infer<typeof metricsQuerySchema>,
  ) {
    const project = await this.projects.get(caller, id);
    const answer = await this.metrics.execute(project.id, {
      from: query.from,
      to: query.to,
      granularity: query.granularity,
      timeZone: query.timezone,
      groupBy: query.group_by,
      connectionId: query.connection_id,
      domains: query.domain === undefined ? undefined : [query.domain],
      tagName: query.tag,
      tagValue: query.tag_value,
    });
    return {
      ...presentMetrics(answer),
      granularity: query.granularity,
      timezone: query.timezone,
      group_by: query.group_by ?? null,
    };
  }
}
