import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { presentEmail, presentListItem, type EmailListItem, type EmailView } from './email-view.js';
import { readRawContent } from './raw-content.js';
import { EmailsRepository, type Page } from './emails.repository.js';

export interface EmailList {
  object: 'list';
  has_more: boolean;
  data: EmailListItem[];
}

@Injectable()
export class ReadEmails {
  constructor(
    @Inject(EmailsRepository) private readonly emails: EmailsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError not_found, also for another project's email */
  async get(projectId: string, id: string): Promise<EmailView> {
    const [row, events] = await Promise.all([
      this.emails.find(projectId, id),
      this.emails.events(projectId, id),
    ]);
    if (row === undefined) throw notFound('Email');
    // What the API built has its parts beside it; a message that came by SMTP has only itself.
    const raw = row.original === null && row.payload !== null ? await readRawContent(row.payload) : undefined;
    return presentEmail(row, events, this.clock.now(), raw);
  }

  /** Newest first; `after` walks to older ones, `before` to newer. @throws AppError for an unknown cursor */
  async list(projectId: string, page: Page): Promise<EmailList> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && !(await this.emails.exists(projectId, cursor))) {
      const field = page.after === undefined ? 'before' : 'after';
      throw new AppError({
        code: 'emails.unknown_cursor',
        kind: 'invalid',
        field,
        message: `The \`${field}\` cursor is not an email of this project.`,
      });
    }
    const rows = await this.emails.list(projectId, page);
    const shown = rows.slice(0, page.limit);
    if (page.before !== undefined) shown.reverse();
    return { object: 'list', has_more: rows.length > page.limit, data: shown.map(presentListItem) };
  }
}
