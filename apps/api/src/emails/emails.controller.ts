import { Body, Controller, Get, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  AcceptEmails,
  batchSchema,
  ChangeSchedule,
  ReadEmails,
  ReadEmailSource,
  renameOldFields,
  ResendEmail,
  sendEmailSchema,
  type SendEmailRequest,
  type Sender,
} from '#libs/emails';
import { Allow, ProjectId, type AuthenticatedRequest } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { toPage } from '../http/page.js';
import {
  batchAnswerSchema,
  changedSchema,
  emailListSchema,
  emailPageSchema,
  emailSchema,
  emailSourceSchema,
  rescheduleSchema,
  sentSchema,
} from './email.schemas.js';
import { toFilter } from './email-filter.js';
import { batchValidation, idempotencyKey, readBatch, type BatchItem } from './send-options.js';

const uuid = z.uuid();

/** Documented without the names that old SDKs give to fields. */
const sendBody = {
  '~standard': {
    ...sendEmailSchema['~standard'],
    validate: (value: unknown) => {
      renameOldFields(value);
      return sendEmailSchema['~standard'].validate(value);
    },
  },
};

/** Documented as what it is, judged item by item in readBatch: permissive batches take the valid ones. */
const documentedBatch = {
  '~standard': { ...batchSchema['~standard'], validate: (value: unknown) => ({ value }) },
};

/** Resend's `/emails`. */
@ApiTags('Emails')
@ApiBearerAuth()
@Controller('emails')
export class EmailsController {
  constructor(
    @Inject(AcceptEmails) private readonly accept: AcceptEmails,
    @Inject(ReadEmails) private readonly read: ReadEmails,
    @Inject(ReadEmailSource) private readonly readSource: ReadEmailSource,
    @Inject(ChangeSchedule) private readonly schedule: ChangeSchedule,
    @Inject(ResendEmail) private readonly resendEmail: ResendEmail,
  ) {}

  @Post()
  @Allow('send')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: '1-256 characters, kept 24 hours' })
  @Answers(200, sentSchema)
  send(
    @Req() request: AuthenticatedRequest,
    @ProjectId() projectId: string,
    @Body({ schema: sendBody }) body: SendEmailRequest,
  ) {
    return this.accept.single(senderOf(request, projectId), body, {
      endpoint: 'POST /emails',
      idempotencyKey: idempotencyKey(request.headers),
    });
  }

  @Post('batch')
  @Allow('send')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: '1-256 characters, kept 24 hours' })
  @ApiHeader({
    name: 'x-batch-validation',
    required: false,
    description: '`strict` (default): all or nothing; `permissive`: the valid ones',
  })
  @Answers(200, batchAnswerSchema)
  async sendBatch(
    @Req() request: AuthenticatedRequest,
    @ProjectId() projectId: string,
    @Body({ schema: documentedBatch }) body: unknown,
  ) {
    const options = { endpoint: 'POST /emails/batch', idempotencyKey: idempotencyKey(request.headers) };
    const sender = senderOf(request, projectId);
    const validation = batchValidation(request.headers);
    const items = readBatch(body, validation);
    if (validation === 'permissive') return this.accept.permissiveBatch(sender, items, options);
    return this.accept.batch(sender, items.filter(isRequest), options);
  }

  @Get()
  @Allow('project')
  @Answers(200, emailListSchema)
  list(
    @ProjectId() projectId: string,
    @Query({ schema: emailPageSchema }) query: z.infer<typeof emailPageSchema>,
  ) {
    return this.read.list(projectId, toPage(query), toFilter(query));
  }

  @Get(':id')
  @Allow('project')
  @Answers(200, emailSchema)
  get(@ProjectId() projectId: string, @Param('id', { schema: uuid }) id: string) {
    return this.read.get(projectId, id);
  }

  /** What Amazon SES is asked to send, as it goes over the wire; without the contents of files. */
  @Get(':id/source')
  @Allow('project')
  @Answers(200, emailSourceSchema)
  source(@ProjectId() projectId: string, @Param('id', { schema: uuid }) id: string) {
    return this.readSource.execute(projectId, id);
  }

  @Patch(':id')
  @Allow('project')
  @Answers(200, changedSchema)
  async update(
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: rescheduleSchema }) body: z.infer<typeof rescheduleSchema>,
  ) {
    await this.schedule.reschedule(projectId, id, body.scheduled_at);
    return { object: 'email', id };
  }

  @Post(':id/cancel')
  @Allow('project')
  @Answers(200, changedSchema)
  async cancel(@ProjectId() projectId: string, @Param('id', { schema: uuid }) id: string) {
    await this.schedule.cancel(projectId, id);
    return { object: 'email', id };
  }

  /** Sends a failed, uncertain or expired email again. */
  @Post(':id/resend')
  @Allow('project')
  @Answers(200, changedSchema)
  async resend(@ProjectId() projectId: string, @Param('id', { schema: uuid }) id: string) {
    await this.resendEmail.execute(projectId, id);
    return { object: 'email', id };
  }
}

function senderOf(request: AuthenticatedRequest, projectId: string): Sender {
  return { projectId, apiKeyId: request.principal?.keyId, domain: request.principal?.domain };
}

function isRequest(item: BatchItem): item is SendEmailRequest {
  return !('problem' in item);
}
