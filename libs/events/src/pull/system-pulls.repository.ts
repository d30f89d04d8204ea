import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { FeedbackMode, FeedbackProblem } from '../setup/feedback-source.js';

export interface PulledSource {
  mode: FeedbackMode;
  isManaged: boolean;
  status: string;
  /** In mode `sns` what the endpoint did not take lies here. */
  queueUrl: string;
  /** Not the one that is read. */
  deadLetterUrl: string | null;
  activeAt: Date;
  deadLettersAt: Date | null;
  /** Somebody waits for the queue to be read to its end. */
  isAsked: boolean;
  connectionStatus: string;
  credentialEpoch: number;
}

export interface PullRecord {
  received: number;
  isEmpty: boolean;
  pollAt: Date | null;
  problem: FeedbackProblem | null;
  isBroken: boolean;
  deadLetters: number | undefined;
}

/** Of the alias `f`; null: never. */
const askedSql = `f.pull_asked_at > coalesce(f.pulled_at, '-infinity')`;

/** The queues of all tenants. */
@Injectable()
export class SystemPullsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys. */
  async find(connectionId: string): Promise<PulledSource | undefined> {
    const { rows } = await this.database.query<{
      mode: FeedbackMode;
      managed: boolean;
      status: string;
      queue_url: string | null;
      dead_letter_url: string | null;
      active_at: Date | null;
      created_at: Date;
      dead_letters_at: Date | null;
      is_asked: boolean | null;
      connection_status: string;
      credential_epoch: number;
    }>(
      `SELECT f.mode, f.managed, f.status, f.queue_url, f.dead_letter_url, f.active_at, f.created_at, f.dead_letters_at,
              ${askedSql} AS is_asked, c.status AS connection_status, c.credential_epoch
       FROM feedback_sources f JOIN connections c ON c.id = f.connection_id
       WHERE f.connection_id = $1 AND (f.status <> 'removing' OR ${askedSql})`,
      [connectionId],
    );
    const [row] = rows;
    const queueUrl = row?.queue_url ?? row?.dead_letter_url ?? null;
    if (row === undefined || queueUrl === null) return undefined;
    return {
      mode: row.mode,
      isManaged: row.managed,
      status: row.status,
      queueUrl,
      deadLetterUrl: row.queue_url === null ? null : row.dead_letter_url,
      activeAt: row.active_at ?? row.created_at,
      deadLettersAt: row.dead_letters_at,
      isAsked: row.is_asked === true,
      connectionStatus: row.connection_status,
      credentialEpoch: row.credential_epoch,
    };
  }

  /** Mail that went out meanwhile makes it due at once. Primary key. */
  async save(connectionId: string, seenActiveAt: Date, record: PullRecord, now: Date): Promise<void> {
    await this.database.query(
      `UPDATE feedback_sources SET
         pulled_at = CASE WHEN $9 THEN clock_timestamp() ELSE pulled_at END,
         poll_at = CASE WHEN status = 'removing' THEN NULL WHEN active_at > $2 THEN $3::timestamptz ELSE $4 END,
         active_at = CASE WHEN $5 > 0 THEN greatest(active_at, $3) ELSE active_at END,
         last_event_at = CASE WHEN $5 > 0 THEN $3 ELSE last_event_at END,
         pull_problem = $6, status = CASE WHEN $7 AND status <> 'removing' THEN 'broken' ELSE status END,
         dead_letters = coalesce($8, dead_letters), dead_letters_at = CASE WHEN $8::int IS NULL THEN dead_letters_at ELSE $3 END
       WHERE connection_id = $1`,
      [
        connectionId,
        seenActiveAt,
        now,
        record.pollAt,
        record.received,
        record.problem === null ? null : JSON.stringify(record.problem),
        record.isBroken,
        record.deadLetters ?? null,
        record.isEmpty,
      ],
    );
  }
}
