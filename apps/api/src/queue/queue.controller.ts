import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Projects, type Principal } from '#libs/accounts';
import { ReadQueue } from '#libs/emails';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { toPage } from '../http/page.js';
import { queueQuerySchema, queueSchema } from './queue.schemas.js';

/** What waits, and why. */
@ApiTags('Queue')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects/:id/queue')
export class QueueController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ReadQueue) private readonly queue: ReadQueue,
  ) {}

  /** Backlog, pace, quota and forecast of each connection. */
  @Get()
  @Answers(200, queueSchema)
  async get(
    @Caller() caller: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: queueQuerySchema }) query: z.infer<typeof queueQuerySchema>,
  ) {
    const project = await this.projects.get(caller, id);
    return this.queue.execute(project.id, { ...toPage(query), isWaiting: query.waiting === 'true' });
  }
}
