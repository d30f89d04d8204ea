import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import { suppressionColumns, toSuppression, type SuppressionRow } from './suppression-row.repository.js';
import type { NewSuppression, Suppression } from './suppression.js';
import { notingPuts } from './sync-changes.repository.js';

/** Suppressions of many projects at once: what SES tells us. */
@Injectable()
export class SystemSuppressionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Adds addresses, each given once per project; those already there stay. Index on (project_id, email). @returns the new ones */
  async add(
    items: readonly (NewSuppression & { projectId: string })[],
    sql: Sql = this.database,
  ): Promise<Suppression[]> {
    const { rows } = await sql.query<SuppressionRow>(
      `WITH added AS (
         INSERT INTO suppressions (id, project_id, email, origin, source_id, ses_connection_id)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[])
           AS t(id, project_id, email, origin, source_id, ses_connection_id)
         ORDER BY project_id, email
         ON CONFLICT (project_id, email) DO NOTHING
         RETURNING ${suppressionColumns}, true AS is_new),
       ${notingPuts(false)}
       SELECT * FROM added`,
      [
        items.map(() => newId()),
        items.map(({ projectId }) => projectId),
        items.map(({ email }) => email),
        items.map(({ origin }) => origin),
        items.map(({ sourceId }) => sourceId ?? null),
        items.map(({ sesConnectionId }) => sesConnectionId ?? null),
      ],
      'suppressions-add-many',
    );
    return rows.map(toSuppression);
  }
}
