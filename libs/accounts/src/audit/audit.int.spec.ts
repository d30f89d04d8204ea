import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/crypto';
import { Database, type TestDatabase } from '#libs/database';
import { freshDatabase } from '../../../../test/support/stores.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { ReadAudit } from './read-audit.js';
import { SealAudit } from './seal-audit.js';
import { SystemAuditSealsRepository } from './system-audit-seals.repository.js';

describe('the audit log in PostgreSQL', () => {
  let test: TestDatabase;
  let database: Database;
  let seals: SystemAuditSealsRepository;
  let seal: SealAudit;
  let audit: ReadAudit;

  beforeAll(async () => {
    test = await freshDatabase();
    database = new Database(test.url, 10);
    seals = new SystemAuditSealsRepository(database);
    seal = new SealAudit(seals);
    audit = new ReadAudit(new AuditLogRepository(database), seal);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await test?.drop();
  });

  const append = (organizationId: string, action = 'project.created', count = 1) =>
    database.query(
      `INSERT INTO audit_entries (id, organization_id, actor, action, data)
       SELECT unnest($1::uuid[]), $2, 'system', $3, '{"b": 1, "a": {"d": [1.50, null], "c": "ü"}}'`,
      [Array.from({ length: count }, () => newId()), organizationId, action],
    );
  const waiting = async () =>
    (await database.query<{ count: number }>('SELECT count(*) AS count FROM audit_unsealed')).rows[0]?.count;

  it('has one unbroken chain for each organization, whoever writes and seals at the same time', async () => {
    const organizations = Array.from({ length: 4 }, () => newId());
    await Promise.all([
      ...organizations.flatMap((id) => Array.from({ length: 25 }, () => append(id))),
      ...Array.from({ length: 10 }, () => seal.execute()),
      ...Array.from({ length: 5 }, () => seal.all()),
    ]);
    for (const id of organizations)
      expect(await audit.verify(id)).toMatchObject({ checked: 25, head: { sequence: 25 }, faults: [] });
    expect(await waiting()).toBe(0);
  });

  it('seals all that there is in parts, and continues where it stopped', async () => {
    const id = newId();
    await append(id, 'domain.created', 2_500);
    expect(await seals.seal(1_000, false)).toBe(1_000);
    await seal.all();
    expect(await audit.verify(id)).toMatchObject({ checked: 2_500, faults: [] });
  }, 30_000);

  it('gives an entry its place only once it is committed, whatever its id', async () => {
    const id = newId();
    const early = newId();
    await database.transaction(async (sql) => {
      await sql.query(
        `INSERT INTO audit_entries (id, organization_id, actor, action) VALUES ($1, $2, 'system', 'a.b')`,
        [early, id],
      );
      await append(id);
      await seal.all();
      expect((await audit.verify(id)).checked).toBe(1);
    });
    const report = await audit.verify(id);
    expect(report).toMatchObject({ checked: 2, faults: [] });
  });

  it('still holds when retention has forgotten sessions, and only then', async () => {
    const id = newId();
    await append(id, 'session.issued');
    await append(id, 'project.created');
    await seal.all();
    await append(id, 'session.issued');
    await database.query(`DELETE FROM audit_entries WHERE organization_id = $1 AND action LIKE 'session.%'`, [
      id,
    ]);
    expect(await audit.verify(id)).toMatchObject({ checked: 2, forgotten: 1, faults: [] });
    // What was forgotten before it was sealed does not wait for ever.
    await seal.all();
    expect(await waiting()).toBe(0);
    await expect(
      database.query('DELETE FROM audit_entries WHERE organization_id = $1', [id]),
    ).rejects.toThrow('appended, never changed');
  });

  it('is read newest first, by page and by filter', async () => {
    const id = newId();
    await append(id, 'connection.created', 3);
    await append(id, 'connections.unlike');
    await append(newId(), 'connection.created');
    const filter = { projectId: undefined, actor: 'system', action: 'connection', target: undefined };
    const first = await audit.page(id, filter, { limit: 2 });
    expect([first.hasMore, first.data.length]).toEqual([true, 2]);
    const rest = await audit.page(id, filter, { limit: 2, after: first.data[1]?.id });
    expect([rest.hasMore, rest.data.length]).toEqual([false, 1]);
    const back = await audit.page(id, filter, { limit: 2, before: rest.data[0]?.id });
    expect(back.data).toEqual(first.data);
  });
});
