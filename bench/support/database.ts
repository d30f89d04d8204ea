import { newId, newExternalId, newApiKey, hashApiKey } from '#libs/crypto';
import { createTestDatabase, Database } from '#libs/database';
import { AcceptRepository, prepareEmail } from '#libs/emails';

/** A database of its own for one bench. */
export async function benchDatabase(
  serverUrl: string,
): Promise<{ database: Database; url: string; drop: () => Promise<void> }> {
  const made = await createTestDatabase(serverUrl, `sesame_bench_template_${process.pid}`);
  const database = new Database(made.url, 4, 'sesame-bench');
  return {
    database,
    url: made.url,
    drop: async () => {
      await database.close();
      await made.drop();
    },
  };
}

export interface BenchLane {
  projectId: string;
  connectionId: string;
  sesAccountId: string;
  apiKey: string;
}

/** A project with a key and a connection that is active, on an SES account without a practical limit. */
export async function insertLane(
  database: Database,
  organizationId: string,
  rate = 1_000_000,
): Promise<BenchLane> {
  const lane = { projectId: newId(), connectionId: newId(), sesAccountId: newId(), apiKey: newApiKey() };
  await database.query(`INSERT INTO organizations (id, name) VALUES ($1, 'Bench') ON CONFLICT DO NOTHING`, [
    organizationId,
  ]);
  await database.query(`INSERT INTO projects (id, organization_id, name) VALUES ($1, $2, 'Bench')`, [
    lane.projectId,
    organizationId,
  ]);
  await database.query(
    `INSERT INTO api_keys (id, organization_id, project_id, name, permission, token_hash) VALUES ($1, $2, $3, 'Bench', 'full_access', $4)`,
    [newId(), organizationId, lane.projectId, hashApiKey(lane.apiKey)],
  );
  await database.query(
    `INSERT INTO ses_accounts (id, aws_account_id, region, production_access, sending_enabled, max_send_rate, max_24_hour_send, sent_last_24_hours, quota_checked_at)
     VALUES ($1, $2, 'eu-west-1', true, true, $3, -1, 0, now())`,
    [lane.sesAccountId, lane.sesAccountId, rate],
  );
  await database.query(
    `INSERT INTO connections (id, project_id, name, region, status, role_arn, aws_account_id, ses_account_id, external_id, capacity_share, verified_at)
     VALUES ($1, $2, 'Bench', 'eu-west-1', 'active', 'arn:aws:iam::444455556666:role/Sender', '444455556666', $3, $4, 1, now())`,
    [lane.connectionId, lane.projectId, lane.sesAccountId, newExternalId()],
  );
  await database.query('INSERT INTO lanes (connection_id) VALUES ($1)', [lane.connectionId]);
  return lane;
}

/** Puts emails into a lane without waking it. */
export async function fillLane(
  database: Database,
  lane: BenchLane,
  count: number,
  bodyBytes: number,
  priority = 10,
): Promise<void> {
  const accept = new AcceptRepository(database, { store: () => Promise.resolve([]), wake: () => undefined });
  const html = 'x'.repeat(bodyBytes);
  for (let done = 0; done < count; done += 500) {
    const emails = await Promise.all(
      Array.from({ length: Math.min(500, count - done) }, (_, index) =>
        prepareEmail(
          {
            from: 'Sender <hello@example.com>',
            to: [`p${done + index}@example.net`],
            subject: 'Hello',
            html,
          },
          priority,
          new Date(),
        ),
      ),
    );
    await accept.commit([
      {
        projectId: lane.projectId,
        apiKeyId: undefined,
        emails: emails.map((email) => ({ ...email, connectionId: lane.connectionId })),
        idempotency: undefined,
        response: {},
      },
    ]);
  }
}
