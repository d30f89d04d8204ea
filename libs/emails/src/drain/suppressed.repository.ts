import { Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';

/** What a claim does not send. */
export interface SuppressedWrite {
  claimId: string;
  sesAccountId: string | undefined;
  /** Places in the SES account's rate that are not used. */
  recipients: number;
  spacingMs: number;
  reservedUntil: string | undefined;
  /** Emails that go to nobody. */
  endedIds: readonly string[];
  events: readonly SuppressedEvent[];
}

export interface SuppressedEvent {
  id: string;
  projectId: string;
  emailId: string;
  recipient: string;
  data: object;
}

@Injectable()
export class SuppressedRepository {
  /**
   * Ends the emails that go to nobody, notes every recipient that is left out, and gives back the places and the quota that were
   * reserved for them: the places only while nobody has reserved behind them, because a time that may have passed cannot be handed
   * out again. Primary keys.
   *
   * @returns the emails with a recipient that had not been noted yet: a mail that is claimed again is no news
   */
  async write(sql: Sql, write: SuppressedWrite): Promise<ReadonlySet<string>> {
    const column = <T>(pick: (event: SuppressedEvent) => T): T[] => write.events.map(pick);
    const { rows } = await sql.query<{ email_id: string }>(
      `WITH ended AS (
         UPDATE emails e
         SET status = 'suppressed', attempts = e.attempts - 1, error_name = 'Suppressed',
             error_message = 'Every recipient is on the suppression list of the project.',
             error_remedy = 'Remove the address from the suppression list if it accepts mail again, then send a new email.'
         FROM unnest($2::uuid[]) AS t(id)
         WHERE e.id = t.id AND e.claim_id = $1 AND e.status = 'sending'
       ), given_back AS (
         UPDATE ses_accounts
         SET sent_since_check = greatest(0, sent_since_check - $4),
             next_slot_at = CASE WHEN next_slot_at = $6::timestamptz THEN next_slot_at - make_interval(secs => $4 * $5::float8 / 1000)
                                 ELSE next_slot_at END
         WHERE id = $3
       )
       INSERT INTO events (id, project_id, email_id, type, recipient, at, data)
       SELECT id, project_id, email_id, 'suppressed', recipient, now(), data
       FROM unnest($7::uuid[], $8::uuid[], $9::uuid[], $10::text[], $11::jsonb[]) AS t(id, project_id, email_id, recipient, data)
       ON CONFLICT (id) DO NOTHING RETURNING email_id`,
      [
        write.claimId,
        write.endedIds,
        write.sesAccountId ?? null,
        write.recipients,
        write.spacingMs,
        write.reservedUntil ?? null,
        column((event) => event.id),
        column((event) => event.projectId),
        column((event) => event.emailId),
        column((event) => event.recipient),
        column((event) => JSON.stringify(event.data)),
      ],
      'drain-suppressed',
    );
    return new Set(rows.map((row) => row.email_id));
  }
}
