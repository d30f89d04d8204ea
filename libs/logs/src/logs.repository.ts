import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt, timeOfId } from '#libs/crypto';
import { Database } from '#libs/database';

export interface LogPage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

/** What a list is narrowed to; all of it must hold. */
export interface LogFilter {
  method?: string | undefined;
  /** Of the answer's status, both included. */
  status?: { from: number; to: number } | undefined;
  /** A part of the path. */
  endpoint?: string | undefined;
  apiKeyId?: string | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
}

/** One answer of a search looks at so many requests at most; the next one goes on where it ended. */
export const LOOK_AT = 20_000;

export interface LogItem {
  id: string;
  apiKeyId: string | undefined;
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
  api_key_id: string | null;
  endpoint: string;
  method: string;
  response_status: number;
  user_agent: string | null;
}

const columns = 'id, api_key_id, endpoint, method, response_status, user_agent';

@Injectable()
export class LogsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * One more than the limit, so that the caller sees whether there are more. Primary key, newest partition first; the cursors and times
   * bound its range. The rest is held against the rows of that range, LOOK_AT of them at most.
   */
  async list(projectId: string, page: LogPage, filter: LogFilter = {}): Promise<LogItem[]> {
    const order = page.before === undefined ? 'DESC' : 'ASC';
    const { method, status, endpoint, apiKeyId } = filter;
    const { rows } = await this.database.query<LogRow>(
      `SELECT ${columns} FROM (
         SELECT ${columns} FROM request_logs WHERE ${RANGE} ORDER BY id ${order} LIMIT ${LOOK_AT}
       ) AS looked
       WHERE ($4::text IS NULL OR method = $4) AND ($5::int IS NULL OR response_status BETWEEN $5 AND $6)
         AND ($7::text IS NULL OR strpos(endpoint, $7) > 0) AND ($8::uuid IS NULL OR api_key_id = $8)
       ORDER BY id ${order} LIMIT $9`,
      [
        ...rangeOf(projectId, page, filter),
        method ?? null,
        status?.from ?? null,
        status?.to ?? null,
        endpoint ?? null,
        apiKeyId ?? null,
        page.limit + 1,
      ],
    );
    return rows.map(toItem);
  }

  /** The last request that `list` has looked at; undefined when that was the whole range. Primary key, without the rows. */
  async lookedUntil(projectId: string, page: LogPage, filter: LogFilter): Promise<string | undefined> {
    const { rows } = await this.database.query<{ id: string }>(
      `SELECT id FROM request_logs WHERE ${RANGE}
       ORDER BY id ${page.before === undefined ? 'DESC' : 'ASC'} OFFSET ${LOOK_AT - 1} LIMIT 1`,
      rangeOf(projectId, page, filter),
    );
    return rows[0]?.id;
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
    apiKeyId: row.api_key_id ?? undefined,
    createdAt: timeOfId(row.id),
    endpoint: row.endpoint,
    method: row.method,
    responseStatus: row.response_status,
    userAgent: row.user_agent ?? undefined,
  };
}

const RANGE = 'project_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::uuid IS NULL OR id > $3)';

/** The values of RANGE. Ids carry the time; no request has the first id of a moment. */
function rangeOf(projectId: string, { after, before }: LogPage, { since, until }: LogFilter) {
  const all = (...ids: (string | undefined)[]) =>
    ids
      .filter((id) => id !== undefined)
      .map((id) => id.toLowerCase())
      .sort();
  const below = all(after, until && firstIdAt(until));
  const above = all(before, since && firstIdAt(since));
  return [projectId, below[0] ?? null, above.at(-1) ?? null];
}
