import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ReadLogs, type LogFilter, type LogItem } from '#libs/logs';
import { Allow, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { toPage } from '../http/page.js';
import { timeRange } from '../http/time-range.js';
import { logListSchema, logPageSchema, logSchema } from './log.schemas.js';

/** Resend's `/logs`: the requests made with the project's keys. */
@ApiTags('Logs')
@ApiBearerAuth()
@Allow('project')
@Controller('logs')
export class LogsController {
  constructor(@Inject(ReadLogs) private readonly logs: ReadLogs) {}

  @Get()
  @Answers(200, logListSchema)
  async list(
    @ProjectId() projectId: string,
    @Query({ schema: logPageSchema }) query: z.infer<typeof logPageSchema>,
  ) {
    const { hasMore, data, search } = await this.logs.list(projectId, toPage(query), toFilter(query));
    return {
      object: 'list',
      has_more: hasMore,
      data: data.map(present),
      ...(search !== undefined && {
        search: {
          looked_until: search.lookedUntil?.toISOString() ?? null,
          continues_after: search.continuesAfter ?? null,
        },
      }),
    };
  }

  @Get(':id')
  @Answers(200, logSchema)
  async get(@ProjectId() projectId: string, @Param('id', { schema: z.uuid() }) id: string) {
    const log = await this.logs.get(projectId, id);
    return {
      object: 'log',
      ...present(log),
      request_body: log.requestBody,
      response_body: log.responseBody,
    };
  }
}

function toFilter(query: z.infer<typeof logPageSchema>): LogFilter {
  const { method, status, endpoint, api_key_id: apiKeyId } = query;
  return {
    method,
    endpoint,
    apiKeyId,
    status:
      status === undefined
        ? undefined
        : { from: Number(status.replace('xx', '00')), to: Number(status.replace('xx', '99')) },
    ...timeRange(query),
  };
}

function present(log: LogItem) {
  return {
    id: log.id,
    created_at: log.createdAt.toISOString(),
    endpoint: log.endpoint,
    method: log.method,
    response_status: log.responseStatus,
    user_agent: log.userAgent ?? null,
    api_key_id: log.apiKeyId ?? null,
  };
}
