import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { redactAnswer, redactRequest } from './redact.js';
import type { RequestEntry } from './request-entry.js';

/** Between texts that are joined: JSON.stringify never writes it. */
const SEPARATOR = '\u001f';

@Injectable()
export class SystemRequestLogsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Stores requests of any projects in one statement; stored twice, they are one. Bodies that are not redacted yet are redacted here. */
  async insert(entries: readonly RequestEntry[]): Promise<void> {
    // One JSON value and joined texts, not arrays: escaping texts as array elements costs more than all the rest.
    const rows = entries.map((entry) => ({
      project_id: entry.projectId,
      id: entry.id,
      api_key_id: entry.apiKeyId,
      method: entry.method,
      endpoint: entry.endpoint,
      response_status: entry.responseStatus,
      user_agent: entry.userAgent,
    }));
    const joined = (pick: (entry: RequestEntry) => string | undefined): string =>
      entries.map((entry) => pick(entry) ?? '').join(SEPARATOR);
    await this.database.query(
      `INSERT INTO request_logs (project_id, id, api_key_id, method, endpoint, response_status, user_agent, request_body, response_body)
       SELECT project_id, id, api_key_id, method, endpoint, response_status, user_agent, nullif(request_body, ''), nullif(response_body, '')
       FROM ROWS FROM (
         json_to_recordset($1) AS (
           project_id uuid, id uuid, api_key_id uuid, method text, endpoint text, response_status smallint, user_agent text
         ),
         unnest(string_to_array($2, E'\\x1f')),
         unnest(string_to_array($3, E'\\x1f'))
       ) AS t(project_id, id, api_key_id, method, endpoint, response_status, user_agent, request_body, response_body)
       ON CONFLICT DO NOTHING`,
      [
        JSON.stringify(rows),
        joined((entry) => entry.redactedRequest ?? redactRequest(entry.requestBody)),
        joined((entry) => redactAnswer(entry.responseBody)),
      ],
      'logs-insert',
    );
  }
}
