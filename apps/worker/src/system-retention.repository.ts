import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '#libs/crypto';
import { Database, dropPartitions } from '#libs/database';

const ROWS_PER_STATEMENT = 10_000;

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
