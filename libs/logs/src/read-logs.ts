import { Inject, Injectable } from '@nestjs/common';
import { AppError, notFound } from '#libs/errors';
import { LogsRepository, type LogDetail, type LogItem, type LogPage } from './logs.repository.js';

/** The requests that a project has made. */
@Injectable()
export class ReadLogs {
  constructor(@Inject(LogsRepository) private readonly logs: LogsRepository) {}

  /** Newest first; `after` walks to older ones, `before` to newer. @throws AppError for an unknown cursor */
  async list(projectId: string, page: LogPage): Promise<{ hasMore: boolean; data: LogItem[] }> {
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
    const rows = await this.logs.list(projectId, page);
    const data = rows.slice(0, page.limit);
    if (page.before !== undefined) data.reverse();
    return { hasMore: rows.length > page.limit, data };
  }

  /** @throws AppError not_found, also for another project's */
  async get(projectId: string, id: string): Promise<LogDetail> {
    const log = await this.logs.find(projectId, id);
    if (log === undefined) throw notFound('Log');
    return log;
  }
}
