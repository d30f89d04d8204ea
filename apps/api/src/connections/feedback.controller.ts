import { Body, Controller, Delete, Get, Inject, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, Projects, type Principal } from '#libs/accounts';
import { ChangeFeedback, ReadFeedback, RemoveFeedback, SetUpFeedback } from '#libs/events';
import { Allow, Caller } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { changeFeedbackSchema, feedbackSchema, setUpFeedbackSchema } from './feedback.schemas.js';

const uuid = z.uuid();

/** How Amazon SES's events (deliveries, bounces, complaints, opens, clicks) come to Sesame. */
@ApiTags('Feedback')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/connections/:id/feedback')
export class FeedbackController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(SetUpFeedback) private readonly setUp: SetUpFeedback,
    @Inject(ReadFeedback) private readonly read: ReadFeedback,
    @Inject(ChangeFeedback) private readonly change: ChangeFeedback,
    @Inject(RemoveFeedback) private readonly removeFeedback: RemoveFeedback,
  ) {}

  /** Makes everything in the AWS account and proves it, step by step; again takes the steps again. */
  @Post()
  @Answers(202, feedbackSchema)
  async create(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: setUpFeedbackSchema }) { mode, manual }: z.infer<typeof setUpFeedbackSchema>,
  ) {
    const source = await this.setUp.execute(await this.projects.ofConnection(caller, id), id, {
      mode,
      manual: manual
        ? {
            topicArn: manual.topic_arn ?? undefined,
            queueUrl: manual.queue_url ?? undefined,
            configurationSet: manual.configuration_set ?? undefined,
          }
        : undefined,
      actor: actorOf(caller),
    });
    return this.read.present(source);
  }

  /** The steps, what to mend, and what has come in. */
  @Get()
  @Answers(200, feedbackSchema)
  async get(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    return this.read.execute(await this.projects.ofConnection(caller, id), id);
  }

  /** Tracking of opens and clicks by SES, and its redirect domain. */
  @Patch()
  @Answers(200, feedbackSchema)
  async update(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: changeFeedbackSchema }) body: z.infer<typeof changeFeedbackSchema>,
  ) {
    const projectId = await this.projects.ofConnection(caller, id);
    const changes = {
      opens: body.opens,
      clicks: body.clicks,
      redirectDomain: body.redirect_domain,
    };
    return this.read.present(await this.change.execute(projectId, id, changes, actorOf(caller)));
  }

  /** Takes out of the AWS account what was made for it. */
  @Delete()
  @Answers(202, feedbackSchema)
  async remove(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const projectId = await this.projects.ofConnection(caller, id);
    return this.read.present(await this.removeFeedback.execute(projectId, id, actorOf(caller)));
  }
}
