import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ReadAttachments, type AttachmentView } from '#libs/emails';
import { Allow, ProjectId } from '../http/access.js';
import { Answers, AnswersFile } from '../http/answers.js';
import { toPage } from '../http/page.js';
import { PublicUrl } from '../http/public-url.js';
import { attachmentAnswerSchema, attachmentListSchema, attachmentPageSchema } from './attachment.schemas.js';
import { contentDisposition } from './content-disposition.js';

const uuid = z.uuid();
const token = z.string();

/** Resend's attachments of sent emails, and the place where their links lead. */
@ApiTags('Emails')
@ApiBearerAuth()
@Controller()
export class AttachmentsController {
  constructor(
    @Inject(ReadAttachments) private readonly read: ReadAttachments,
    @Inject(PublicUrl) private readonly publicUrl: PublicUrl,
  ) {}

  @Get('emails/:id/attachments')
  @Allow('project')
  @Answers(200, attachmentListSchema)
  async list(
    @Req() request: FastifyRequest,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: attachmentPageSchema }) query: z.infer<typeof attachmentPageSchema>,
  ) {
    const { data, ...list } = await this.read.list(projectId, id, toPage(query));
    return { ...list, data: data.map((view) => this.withUrl(request, view)) };
  }

  @Get('emails/:id/attachments/:attachment_id')
  @Allow('project')
  @Answers(200, attachmentAnswerSchema)
  async get(
    @Req() request: FastifyRequest,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Param('attachment_id', { schema: uuid }) attachmentId: string,
  ) {
    const view = await this.read.get(projectId, id, attachmentId);
    return { object: 'attachment', ...this.withUrl(request, view) };
  }

  /** Whoever has the link may have the file: nothing else of ours, and never as a page of this origin. */
  @Get('attachments/:token')
  @Allow('public')
  @AnswersFile('application/octet-stream')
  @ApiExcludeEndpoint()
  async download(@Res() reply: FastifyReply, @Param('token', { schema: token }) link: string): Promise<void> {
    const file = await this.read.open(link);
    await reply
      .headers({
        'content-type': file.contentType,
        'content-disposition': contentDisposition(file.filename),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, no-store',
      })
      .send(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
  }

  private withUrl(request: FastifyRequest, { token: link, ...view }: AttachmentView) {
    return { ...view, download_url: `${this.publicUrl.of(request)}/attachments/${link}` };
  }
}
