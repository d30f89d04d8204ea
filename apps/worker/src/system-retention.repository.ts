import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '#libs/crypto';
import { Database, dropPartitions } from '#libs/database';

const ROWS_PER_STATEMENT = 10_000;
/** Never sent again, by nobody: failed, expired and uncertain mail may be, as long as its content is there. */
const FINISHED = ['sent', 'delivered', 'delivery_delayed', 'bounced', 'complained', 'suppressed', 'canceled'];
const UNFINISHED = ['queued', 'scheduled', 'sending'];
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface ForgettingProject {
  id: string;
  /** Days that the content of finished mail is kept. */
  days: number;
  /** Up to this id nothing is left to do. */
  forgottenTo: string;
}

@Injectable()
export class SystemRetentionRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @returns the names of the dropped partitions */
  dropRequestLogs(before: Date): Promise<string[]> {
    return dropPartitions(this.database, 'request_logs', before);
  }

  /**
   * Weeks of emails with everything that belongs to them. A week with mail that is not finished stays whole, and what belongs to
   * emails goes only when they are gone.
   *
   * @returns the names of the dropped partitions
   */
  async dropEmails(before: Date): Promise<string[]> {
    const dropped = await dropPartitions(this.database, 'emails', before, (name) => this.isFinished(name));
    for (const table of ['email_contents', 'attempts', 'events']) {
      const names = await dropPartitions(this.database, table, before, async (name) =>
        this.isGone(`emails${name.slice(table.length)}`),
      );
      dropped.push(...names);
    }
    return dropped;
  }

  /** Waiting mail by the partition's part of emails_due_idx; mail on its way by its claim, which is small. */
  private async isFinished(partition: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `SELECT 1 FROM "${partition}" WHERE status IN ('queued', 'scheduled')
       UNION ALL
       SELECT 1 FROM claims c CROSS JOIN LATERAL unnest(c.email_ids) AS claimed(id) JOIN "${partition}" e ON e.id = claimed.id
       LIMIT 1`,
    );
    return rowCount === 0;
  }

  private async isGone(table: string): Promise<boolean> {
    const { rows } = await this.database.query<{ gone: boolean }>('SELECT to_regclass($1) IS NULL AS gone', [
      table,
    ]);
    return rows[0]?.gone === true;
  }

  /** Projects that keep contents for a time of their own. One small table. */
  async projectsThatForget(): Promise<ForgettingProject[]> {
    const { rows } = await this.database.query<ForgettingProject>(
      `SELECT id, content_retention_days AS days, coalesce(content_forgotten_to, $1) AS "forgottenTo"
       FROM projects WHERE content_retention_days IS NOT NULL`,
      [FIRST_ID],
    );
    return rows;
  }

  /**
   * Deletes the contents of a project's finished mail from where the last time ended. Mail that is older and still
   * waits holds the next start back. Index (project_id, id) of emails, primary key of email_contents.
   *
   * @returns how many
   */
  async forgetContents(project: ForgettingProject, before: Date): Promise<number> {
    const end = firstIdAt(before);
    let from = project.forgottenTo;
    let done = from;
    let isWaiting = false;
    let gone = 0;
    for (let isMore = from < end; isMore;) {
      const { rows } = await this.database.query<{
        seen: number;
        gone: number;
        last: string | null;
        finished: string | null;
        isWaiting: boolean;
      }>(
        `WITH old AS MATERIALIZED (
           SELECT id, status FROM emails WHERE project_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT ${ROWS_PER_STATEMENT}
         ), waiting AS (
           SELECT id FROM old WHERE status = ANY ($5) ORDER BY id LIMIT 1
         ), forgotten AS (
           DELETE FROM email_contents t USING old
           WHERE t.email_id = old.id AND t.email_id > $2 AND t.email_id < $3 AND old.status = ANY ($4) RETURNING 1
         )
         SELECT (SELECT count(*)::int FROM old) AS seen, (SELECT count(*)::int FROM forgotten) AS gone,
                (SELECT id FROM old ORDER BY id DESC LIMIT 1) AS last,
                (SELECT old.id FROM old, waiting WHERE old.id < waiting.id ORDER BY old.id DESC LIMIT 1) AS finished,
                EXISTS (SELECT 1 FROM waiting) AS "isWaiting"`,
        [project.id, from, end, FINISHED, UNFINISHED],
      );
      const batch = rows[0];
      gone += batch?.gone ?? 0;
      if (!isWaiting) done = (batch?.isWaiting === true ? batch.finished : batch?.last) ?? done;
      isWaiting ||= batch?.isWaiting === true;
      from = batch?.last ?? end;
      isMore = batch?.seen === ROWS_PER_STATEMENT;
    }
    if (done !== project.forgottenTo)
      await this.database.query('UPDATE projects SET content_forgotten_to = $2 WHERE id = $1', [
        project.id,
        done,
      ]);
    return gone;
  }

  /** What the machine noted by itself. Index audit_entries_sessions_idx. @returns how many */
  async forgetSessionAudit(before: Date): Promise<number> {
    let gone = 0;
    for (;;) {
      const { rowCount } = await this.database.query(
        `DELETE FROM audit_entries WHERE id IN (
           SELECT id FROM audit_entries WHERE action LIKE 'session.%' AND id < $1 ORDER BY id LIMIT ${ROWS_PER_STATEMENT})`,
        [firstIdAt(before)],
      );
      gone += rowCount;
      if (rowCount < ROWS_PER_STATEMENT) return gone;
    }
  }
}
