import { newExternalId, newId } from '#libs/crypto';
import type { Database } from '#libs/database';

export interface LaneRows {
  organizationId: string;
  projectId: string;
  connectionId: string;
  sesAccountId: string;
}

/** An active connection with its SES account and lane, straight in the tables. */
export async function insertLane(
  database: Database,
  {
    rate = 1_000,
    quota = -1,
    share = 1,
    delivery = 'at_least_once',
    sesAccountId,
  }: { rate?: number; quota?: number; share?: number; delivery?: string; sesAccountId?: string } = {},
): Promise<LaneRows> {
  const rows = {
    organizationId: newId(),
    projectId: newId(),
    connectionId: newId(),
    sesAccountId: sesAccountId ?? newId(),
  };
  await database.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [rows.organizationId, 'Test']);
  await database.query('INSERT INTO projects (id, organization_id, name, delivery) VALUES ($1, $2, $3, $4)', [
    rows.projectId,
    rows.organizationId,
    'Test',
    delivery,
  ]);
  if (sesAccountId === undefined) {
    await database.query(
      `INSERT INTO ses_accounts (id, aws_account_id, region, production_access, sending_enabled, max_send_rate, max_24_hour_send, sent_last_24_hours, quota_checked_at)
       VALUES ($1, $2, 'eu-west-1', true, true, $3, $4, 0, now())`,
      [rows.sesAccountId, rows.sesAccountId, rate, quota],
    );
  }
  await database.query(
    `INSERT INTO connections (id, project_id, name, region, status, role_arn, aws_account_id, ses_account_id, external_id, capacity_share, verified_at)
     VALUES ($1, $2, 'Test', 'eu-west-1', 'active', 'arn:aws:iam::444455556666:role/Sender', '444455556666', $3, $4, $5, now())`,
    [rows.connectionId, rows.projectId, rows.sesAccountId, newExternalId(), share],
  );
  await database.query('INSERT INTO lanes (connection_id) VALUES ($1)', [rows.connectionId]);
  return rows;
}
