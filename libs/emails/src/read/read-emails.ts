import { Inject, Injectable } from '@nestjs/common';
import { Clock, timeOfId } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { presentEmail, presentListItem, type EmailListItem, type EmailView } from './email-view.js';
import { readRawContent } from './raw-content.js';
import { EmailsRepository, type EmailFilter, type Page } from './emails.repository.js';

export interface EmailList {
  object: 'list';
  has_more: boolean;
  data: EmailListItem[];
  /** Of a list that is narrowed. */
  search?: {
    /** How far this answer looked when it stopped before the end; null: everything there is was looked at, or the page is full. */
    looked_until: string | null;
    /** The cursor to go on searching with. */
    continues_after: string | null;
  };
}

@Injectable()
export class ReadEmails {
  constructor(
    @Inject(EmailsRepository) private readonly emails: EmailsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError not_found, also for another project's email */
  async get(projectId: string, id: string): Promise<EmailView> {
    const found = await this.emails.find(projectId, id);
    if (found === undefined) throw notFound('Email');
    const { row, events } = found;
    // What the API built has its parts beside it; a message that came by SMTP has only itself.
    const raw = row.original === null && row.payload !== null ? await readRawContent(row.payload) : undefined;
    return presentEmail(row, events, this.clock.now(), raw);
  }

  /**
   * Newest first; `after` walks to older ones, `before` to newer. A search looks at a bounded number of emails: it may find less than
   * a page, or nothing, and say where to go on.
   *
   * @throws AppError for an unknown cursor
   */
  async list(projectId: string, page: Page, filter: EmailFilter = {}): Promise<EmailList> {
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
    const rows = await this.emails.list(projectId, page, filter);
    const isFull = rows.length > page.limit;
    const shown = rows.slice(0, page.limit);
    if (page.before !== undefined) shown.reverse();
    const list: EmailList = { object: 'list', has_more: isFull, data: shown.map(presentListItem) };
    if (Object.values(filter).every((value) => value === undefined)) return list;
    const last = isFull ? undefined : await this.emails.lookedUntil(projectId, page, filter);
    return {
      ...list,
      has_more: isFull || last !== undefined,
      search: {
        looked_until: last === undefined ? null : timeOfId(last).toISOString(),
        continues_after: last ?? null,
      },
    };
  }
}
