import { Controller, Get, Header, Headers, Inject, Param, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Projects, type Principal } from '#libs/accounts';
import { LiveHub } from '#libs/live';
import { Allow, Caller } from '../http/access.js';
import { AnswersFile } from '../http/answers.js';

/** What happens in a project, as it happens. */
@ApiTags('Metrics')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects/:id/live')
export class LiveController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(LiveHub) private readonly live: LiveHub,
  ) {}

  /**
   * Server-sent events, at most one of a kind each second: `ready`, `reset` (something may have been missed: read again),
   * `email.status`, `metrics`, `connection.status`. After five minutes the stream ends; clients come back by themselves.
   */
  @Get()
  @Header('cache-control', 'no-cache, no-transform')
  @Header('x-accel-buffering', 'no')
  @AnswersFile('text/event-stream')
  async watch(
    @Caller() caller: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
  ) {
    const project = await this.projects.get(caller, id);
    const stream = await this.live.open(project.id, lastEventId);
    return new StreamableFile(stream, { type: 'text/event-stream; charset=utf-8' });
  }
}
