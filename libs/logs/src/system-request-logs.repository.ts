import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { redactAnswer, redactRequest } from './redact.js';
import type { RequestEntry } from './request-entry.js';

/** Between texts that are joined: JSON.stringify never writes it. */
const SEPARATOR = '\u001f';

@Injectable()
export class SystemRequestLogsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Stores requests of any projects in one statement; stored twice, they are one. Bodies are redacted here and nowhere else. */
  async insert(entries: readonly RequestEntry[]): Promise<void> {
    const column = <T>(pick: (entry: RequestEntry) => T): T[] => entries.map(pick);
    // Joined, not arrays: escaping texts as array elements costs more than all the rest.
    const joined = (pick: (entry: RequestEntry) => string | undefined): string =>
      entries.map((entry) => pick(entry) ?? '').join(SEPARATOR);
    await this.database.query(
      `INSERT INTO request_logs (project_id, id, api_key_id, method, endpoint, response_status, user_agent, request_body, response_body)
       SELECT project_id, id, api_key_id, method, endpoint, response_status, user_agent, nullif(request_body, ''), nullif(response_body, '')
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::text[],
                   string_to_array($8, E'\\x1f'), string_to_array($9, E'\\x1f'))
         AS t(project_id, id, api_key_id, method, endpoint, response_status, user_agent, request_body, response_body)
       ON CONFLICT DO NOTHING`,
      [
        column((entry) => entry.projectId),
        column((entry) => entry.id),
        column((entry) => entry.apiKeyId ?? null),
        column((entry) => entry.method),
        column((entry) => entry.endpoint),
        column((entry) => entry.responseStatus),
        column((entry) => entry.userAgent ?? null),
        joined((entry) => entry.redactedRequest ?? redactRequest(entry.requestBody)),
        joined((entry) => redactAnswer(entry.responseBody)),
      ],
      'logs-insert',
    );
  }
}
