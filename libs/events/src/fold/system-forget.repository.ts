import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

const ROWS_PER_STATEMENT = 10_000;

@Injectable()
export class SystemForgetRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** BRIN index on received_at. */
  forgetReceipts(days: number): Promise<void> {
    return this.inParts('event_receipts', `received_at < now() - make_interval(days => $1)`, days);
  }

  /** BRIN index on at. */
  forgetSoftBounces(days: number): Promise<void> {
    return this.inParts('soft_bounces', `at < now() - make_interval(days => $1)`, days);
  }

  /** A row for each hour of an active connection: small. */
  forgetHours(days: number): Promise<void> {
    return this.inParts('reputation_hours', `hour < now() - make_interval(days => $1)`, days);
  }

  /** Index (connection_id, id). @param kept of each connection, the newest */
  async forgetRejects(days: number, kept: number): Promise<void> {
    await this.inParts('event_rejects', `rejected_at < now() - make_interval(days => $1)`, days);
    await this.database.query(
      `DELETE FROM event_rejects WHERE id IN (
         SELECT id FROM (
           SELECT id, row_number() OVER (PARTITION BY connection_id ORDER BY id DESC) AS place FROM event_rejects) AS placed
         WHERE place > $1)`,
      [kept],
    );
  }

  /** Many small statements: a long one would hold up vacuum, and what it has done would be lost with it. */
  private async inParts(table: string, condition: string, days: number): Promise<void> {
    for (;;) {
      const { rowCount } = await this.database.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${ROWS_PER_STATEMENT}))`,
        [days],
      );
      if (rowCount < ROWS_PER_STATEMENT) return;
    }
  }
}
