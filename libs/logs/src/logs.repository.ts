import { Inject, Injectable } from '@nestjs/common';
import { timeOfId } from '#libs/crypto';
import { Database } from '#libs/database';

export interface LogPage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

export interface LogItem {
  id: string;
  createdAt: Date;
  endpoint: string;
  method: string;
  responseStatus: number;
  userAgent: string | undefined;
}

export interface LogDetail extends LogItem {
  requestBody: unknown;
  responseBody: unknown;
}

interface LogRow {
  id: string;
  endpoint: string;
  method: string;
  response_status: number;
  user_agent: string | null;
}

const columns = 'id, endpoint, method, response_status, user_agent';

@Injectable()
export class LogsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One more than the limit, so that the caller sees whether there are more. Primary key, newest partition first. */
  async list(projectId: string, { limit, after, before }: LogPage): Promise<LogItem[]> {
    const order = before === undefined ? 'DESC' : 'ASC';
    const { rows } = await this.database.query<LogRow>(
      `SELECT ${columns} FROM request_logs
       WHERE project_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::uuid IS NULL OR id > $3) ORDER BY id ${order} LIMIT $4`,
      [projectId, after ?? null, before ?? null, limit + 1],
    );
    return rows.map(toItem);
  }

  /** Primary key. */
  async find(projectId: string, id: string): Promise<LogDetail | undefined> {
    const { rows } = await this.database.query<
      LogRow & { request_body: string | null; response_body: string | null }
    >(`SELECT ${columns}, request_body, response_body FROM request_logs WHERE project_id = $1 AND id = $2`, [
      projectId,
      id,
    ]);
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      ...toItem(row),
      requestBody: JSON.parse(row.request_body ?? 'null') as unknown,
      responseBody: JSON.parse(row.response_body ?? 'null') as unknown,
    };
  }
}

function toItem(row: LogRow): LogItem {
  return {
    id: row.id,
    createdAt: timeOfId(row.id),
    endpoint: row.endpoint,
    method: row.method,
    responseStatus: row.response_status,
    userAgent: row.user_agent ?? undefined,
  };
}
