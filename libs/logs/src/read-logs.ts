import { Inject, Injectable } from '@nestjs/common';
import { timeOfId } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import {
  LogsRepository,
  type LogDetail,
  type LogFilter,
  type LogItem,
  type LogPage,
} from './logs.repository.js';

export interface LogList {
  hasMore: boolean;
  data: LogItem[];
  /** Of a list that is narrowed and stopped before it had looked at everything: how far it came, and the cursor to go on with. */
  search: { lookedUntil: Date | undefined; continuesAfter: string | undefined } | undefined;
}

/** The requests that a project has made. */
@Injectable()
export class ReadLogs {
  constructor(@Inject(LogsRepository) private readonly logs: LogsRepository) {}

  /**
   * Newest first; `after` walks to older ones, `before` to newer. A search looks at a bounded number of requests: it may find less
   * than a page, or nothing, and say where to go on.
   *
   * @throws AppError for an unknown cursor
   */
  async list(projectId: string, page: LogPage, filter: LogFilter = {}): Promise<LogList> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && (await this.logs.find(projectId, cursor)) === undefined) {
      const field = page.after === undefined ? 'before' : 'after';
      throw new AppError({
        code: 'logs.unknown_cursor',
        kind: 'invalid',
        field,
        message: `The \`${field}\` cursor is not a log of this project.`,
      });
    }
    const rows = await this.logs.list(projectId, page, filter);
    const data = rows.slice(0, page.limit);
    if (page.before !== undefined) data.reverse();
    const isFull = rows.length > page.limit;
    if (Object.values(filter).every((value) => value === undefined))
      return { hasMore: isFull, data, search: undefined };
    const last = isFull ? undefined : await this.logs.lookedUntil(projectId, page, filter);
    return {
      hasMore: isFull || last !== undefined,
      data,
      search: { lookedUntil: last === undefined ? undefined : timeOfId(last), continuesAfter: last },
    };
  }

  /** @throws AppError not_found, also for another project's */
  async get(projectId: string, id: string): Promise<LogDetail> {
    const log = await this.logs.find(projectId, id);
    if (log === undefined) throw notFound('Log');
    return log;
  }
}
