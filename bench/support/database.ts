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

/** `count` lanes of tenants of their own. */
export async function insertLanes(
  database: Database,
  organizationId: string,
  count: number,
): Promise<BenchLane[]> {
  const lanes: BenchLane[] = [];
  while (lanes.length < count) {
    const some = Array.from({ length: Math.min(100, count - lanes.length) }, () =>
      insertLane(database, organizationId),
    );
    lanes.push(...(await Promise.all(some)));
  }
  return lanes;
}

/**
 * Puts emails into a lane: one is accepted the way the API does it, the others are its copies under ids of their own, made inside the
 * database, where a hundred thousand take seconds.
 */
export async function fillLane(
  database: Database,
  lane: BenchLane,
  count: number,
  bodyBytes: number,
  priority = 10,
): Promise<void> {
  const model = await prepareEmail(
    {
      from: 'Sender <hello@example.com>',
      to: ['p1@example.net'],
      subject: 'Hello',
      html: 'x'.repeat(bodyBytes),
    },
    priority,
    new Date(),
  );
  const nobodyListens = { isHeard: () => false, store: () => Promise.resolve([]), wake: () => undefined };
  await new AcceptRepository(database, nobodyListens).commit([
    {
      projectId: lane.projectId,
      apiKeyId: undefined,
      emails: [{ ...model, connectionId: lane.connectionId }],
      idempotency: undefined,
      response: {},
    },
  ]);
  if (count === 1) return;
  const emails = await columnsOf(database, 'emails', 'id');
  const contents = await columnsOf(database, 'email_contents', 'email_id', 'payload');
  // UUIDv7 of the model's millisecond. The payload carries the id as a tag.
  for (let done = 1; done < count; done += 10_000) {
    await database.query(
      `WITH copies AS MATERIALIZED (
         SELECT (left($1::text, 15) || substr(hash, 1, 3) || '-8' || substr(hash, 4, 3) || '-' || substr(hash, 7, 12))::uuid AS copy
         FROM (SELECT md5($1::text || n) AS hash FROM generate_series($2::int, $3::int) AS n) AS hashes
       ), stored AS (
         INSERT INTO emails (id, ${emails})
         SELECT copy, ${emails} FROM copies, emails WHERE emails.id = $1::text::uuid
       )
       INSERT INTO email_contents (email_id, payload, ${contents})
       SELECT copy, replace(payload, $1::text, copy::text), ${contents} FROM copies, email_contents WHERE email_id = $1::text::uuid`,
      [model.id, done, Math.min(count, done + 10_000) - 1],
    );
  }
}

/** The columns of a table but for some, quoted. */
async function columnsOf(database: Database, table: string, ...except: string[]): Promise<string> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($2) ORDER BY attnum`,
    [table, except],
  );
  return rows.map(({ name }) => `"${name}"`).join(', ');
}
