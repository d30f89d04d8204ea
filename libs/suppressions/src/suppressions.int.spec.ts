import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';
import { insertLane } from '../../../test/support/rows.js';
import { freshDatabase } from '../../../test/support/stores.js';
import { FindSuppressed } from './find-suppressed.js';
import { SuppressMany } from './suppress-many.js';
import type { Suppression } from './suppression.js';
import { Suppressions } from './suppressions.js';
import { SuppressionsRepository } from './suppressions.repository.js';
import { SystemSuppressionsRepository } from './system-suppressions.repository.js';

describe('suppressions', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let suppressions: Suppressions;
  let suppressMany: SuppressMany;
  let find: FindSuppressed;
  let projectId: string;
  let otherId: string;
  const announced: [string, string[]][] = [];

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 8);
    const repository = new SuppressionsRepository(database);
    suppressions = new Suppressions(repository);
    suppressMany = new SuppressMany(new SystemSuppressionsRepository(database));
    find = new FindSuppressed(repository);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  });
  beforeEach(async () => {
    projectId = (await insertLane(database)).projectId;
    otherId = (await insertLane(database)).projectId;
    announced.length = 0;
  });

  const announce = (_: unknown, change: string, list: readonly Suppression[]) => {
    announced.push([change, list.map(({ email }) => email)]);
    return Promise.resolve(() => announced.push(['afterwards', []]));
  };
  const bounce = (email: string, project = projectId, sourceId = newId()) => ({
    projectId: project,
    email,
    origin: 'bounce' as const,
    sourceId,
  });

  it('of many projects are added in one statement, and only the new ones come back', async () => {
    const sourceId = newId();
    const before = database.counter.statements;
    const added = await suppressMany.execute([
      bounce('Ann@example.net', projectId, sourceId),
      bounce('ann@example.net'),
      bounce('ann@example.net', otherId),
      bounce('nobody'),
    ]);
    expect(database.counter.statements - before).toBe(1);
    expect(added.map(({ projectId: project, email }) => [project, email]).sort()).toEqual(
      [
        [projectId, 'ann@example.net'],
        [otherId, 'ann@example.net'],
      ].sort(),
    );
    expect(added.find((one) => one.projectId === projectId)).toMatchObject({ origin: 'bounce', sourceId });
    expect(await suppressMany.execute([bounce('ann@example.net'), bounce('bob@example.net')])).toEqual([
      expect.objectContaining({ email: 'bob@example.net' }),
    ]);
    expect(await suppressMany.execute([bounce('nobody')])).toEqual([]);
  });

  it('that a transaction adds are gone with it', async () => {
    await expect(
      database.transaction(async (sql) => {
        expect(await suppressMany.execute([bounce('ann@example.net')], sql)).toHaveLength(1);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    expect((await suppressions.list(projectId, { limit: 10 })).data).toEqual([]);
  });

  it('by hand leave an origin as it is, and are announced once, after they are stored', async () => {
    await suppressMany.execute([bounce('ann@example.net')]);
    const added = await suppressions.add(
      projectId,
      ['bob@example.net', 'ann@example.net', 'BOB@example.net'],
      announce,
      'emails',
    );
    expect(added.map(({ email, origin }) => [email, origin])).toEqual([
      ['bob@example.net', 'manual'],
      ['ann@example.net', 'bounce'],
      ['bob@example.net', 'manual'],
    ]);
    expect(announced).toEqual([
      ['suppression.added', ['bob@example.net']],
      ['afterwards', []],
    ]);
    announced.length = 0;
    await suppressions.add(projectId, ['bob@example.net'], announce);
    await suppressions.removeMany(projectId, { emails: ['nobody@example.net'] }, announce);
    expect(announced).toEqual([]);
  });

  it('are not stored when nobody can be told', async () => {
    const failing = () => Promise.reject(new Error('no queue'));
    await expect(suppressions.add(projectId, ['ann@example.net'], failing)).rejects.toThrow('no queue');
    expect((await suppressions.list(projectId, { limit: 10 })).data).toEqual([]);
  });

  it('are added at the same time by many, each once', async () => {
    const emails = Array.from({ length: 50 }, (_, index) => `p${index}@example.net`);
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, turn) =>
        turn % 2 === 0
          ? suppressions.add(projectId, turn % 4 === 0 ? emails : [...emails].reverse(), announce, 'emails')
          : suppressMany.execute(emails.map((email) => bounce(email))),
      ),
    );
    expect(all.filter(({ length }) => length === 50).length).toBeGreaterThanOrEqual(3);
    expect((await suppressions.list(projectId, { limit: 100 })).data).toHaveLength(50);
    const told = announced.flatMap(([change, list]) => (change === 'suppression.added' ? list : []));
    expect(new Set(told).size).toBe(told.length);
  });

  it('are found for mailboxes as mail writes them, in one statement', async () => {
    await suppressMany.execute([bounce('ann@xn--bcher-kva.example'), bounce('bob@example.net', otherId)]);
    const before = database.counter.statements;
    const found = await find.execute(projectId, [
      'Ann <Ann@xn--bcher-kva.example>',
      'ann@xn--bcher-kva.example',
      'bob@example.net',
    ]);
    expect(database.counter.statements - before).toBe(1);
    expect([...found]).toEqual([
      ['Ann <Ann@xn--bcher-kva.example>', 'bounce'],
      ['ann@xn--bcher-kva.example', 'bounce'],
    ]);
  });
});
