import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import {
  suppressionColumns as columns,
  toSuppression,
  type SuppressionRow,
} from './suppression-row.repository.js';
import type { NewSuppression, Suppression, SuppressionOrigin } from './suppression.js';
import { noteSyncDeletes, notingPuts } from './sync-changes.repository.js';

export interface SuppressionPage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
  origin?: SuppressionOrigin | undefined;
}

@Injectable()
export class SuppressionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /**
   * Adds addresses, each given once; those already there stay as they are and come back too. In the order of the index on
   * (project_id, email), so that two that add the same ones wait for each other and do not lock up.
   */
  async add(
    projectId: string,
    items: readonly NewSuppression[],
    sql: Sql = this.database,
  ): Promise<{ suppression: Suppression; isNew: boolean }[]> {
    const { rows } = await sql.query<SuppressionRow & { is_new: boolean }>(
      `WITH added AS (
         INSERT INTO suppressions (id, project_id, email, origin, source_id)
         SELECT id, $1, email, origin, source_id FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS t(id, email, origin, source_id)
         ORDER BY email
         ON CONFLICT (project_id, email) DO UPDATE SET email = EXCLUDED.email
         RETURNING ${columns}, xmax = 0 AS is_new),
       ${notingPuts(true)}
       SELECT * FROM added`,
      [
        projectId,
        items.map(() => newId()),
        items.map(({ email }) => email),
        items.map(({ origin }) => origin),
        items.map(({ sourceId }) => sourceId ?? null),
      ],
    );
    return rows.map((row) => ({ suppression: toSuppression(row), isNew: row.is_new }));
  }

  /** Adds many at once and leaves alone those already there. @returns how many were new */
  async load(projectId: string, items: readonly NewSuppression[]): Promise<number> {
    const { rowCount } = await this.database.query(
      `WITH added AS (
         INSERT INTO suppressions (id, project_id, email, origin)
         SELECT id, $1, email, origin FROM unnest($2::uuid[], $3::text[], $4::text[]) AS t(id, email, origin) ORDER BY email
         ON CONFLICT (project_id, email) DO NOTHING
         RETURNING project_id, email, origin, ses_connection_id, true AS is_new),
       ${notingPuts(false)}
       SELECT FROM added`,
      [
        projectId,
        items.map(() => newId()),
        items.map(({ email }) => email),
        items.map(({ origin }) => origin),
      ],
    );
    return rowCount;
  }

  /** By id or by address: primary key, or index on (project_id, email). */
  async find(projectId: string, key: { id: string } | { email: string }): Promise<Suppression | undefined> {
    const [column, value] = 'id' in key ? ['id', key.id] : ['email', key.email];
    const { rows } = await this.database.query<SuppressionRow>(
      `SELECT ${columns} FROM suppressions WHERE project_id = $1 AND ${column} = $2`,
      [projectId, value],
    );
    return rows[0] === undefined ? undefined : toSuppression(rows[0]);
  }

  /** @returns those that were there */
  async remove(
    projectId: string,
    keys: { ids: readonly string[] } | { emails: readonly string[] },
    sql: Sql,
  ): Promise<Suppression[]> {
    const [condition, values] =
      'ids' in keys ? ['id = ANY ($2::uuid[])', keys.ids] : ['email = ANY ($2::text[])', keys.emails];
    const { rows } = await sql.query<SuppressionRow>(
      `DELETE FROM suppressions WHERE project_id = $1 AND ${condition} RETURNING ${columns}`,
      [projectId, values],
    );
    const removed = rows.map(toSuppression);
    await noteSyncDeletes(sql, projectId, removed);
    return removed;
  }

  /** One more than the limit, so that the caller sees whether there are more. Index on (project_id, id). */
  async list(projectId: string, { limit, after, before, origin }: SuppressionPage): Promise<Suppression[]> {
    const order = before === undefined ? 'DESC' : 'ASC';
    const { rows } = await this.database.query<SuppressionRow>(
      `SELECT ${columns} FROM suppressions
       WHERE project_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::uuid IS NULL OR id > $3) AND ($4::text IS NULL OR origin = $4)
       ORDER BY id ${order} LIMIT $5`,
      [projectId, after ?? null, before ?? null, origin ?? null, limit + 1],
    );
    return rows.map(toSuppression);
  }

  /** Which of the addresses are suppressed, and why. Index on (project_id, email). */
  async findAmong(
    projectId: string,
    emails: readonly string[],
  ): Promise<ReadonlyMap<string, SuppressionOrigin>> {
    const { rows } = await this.database.query<{ email: string; origin: SuppressionOrigin }>(
      'SELECT email, origin FROM suppressions WHERE project_id = $1 AND email = ANY ($2::text[])',
      [projectId, emails],
      'suppressions-find-among',
    );
    return new Map(rows.map(({ email, origin }) => [email, origin]));
  }
}
