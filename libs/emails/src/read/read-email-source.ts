import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '#libs/errors';
import { AttachmentsRepository } from './attachments.repository.js';
import { emailSource, type EmailSource } from './email-source.js';
import { storedAttachments } from './stored-attachments.js';

export interface EmailSourceView extends EmailSource {
  object: 'email_source';
  id: string;
  attachments: {
    filename: string;
    content_type: string;
    content_disposition: 'inline' | 'attachment';
    content_id: string | null;
    /** Bytes. */
    size: number;
  }[];
}

/** Shows what Amazon SES is asked to send. The configuration set joins it when it goes. */
@Injectable()
export class ReadEmailSource {
  constructor(@Inject(AttachmentsRepository) private readonly repository: AttachmentsRepository) {}

  /** @throws AppError not_found, also for another project's email */
  async execute(projectId: string, id: string): Promise<EmailSourceView> {
    const payload = await this.repository.payload(projectId, id);
    if (payload === undefined) throw notFound('Email');
    const files = payload === null ? [] : await storedAttachments(id, payload);
    return {
      object: 'email_source',
      id,
      ...emailSource(payload),
      attachments: files.map((file) => ({
        filename: file.filename,
        content_type: file.contentType,
        content_disposition: file.isInline ? 'inline' : 'attachment',
        content_id: file.contentId,
        size: file.size,
      })),
    };
  }
}
