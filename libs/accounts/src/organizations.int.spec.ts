import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, sha256 } from '#libs/crypto';
import { Database, type TestDatabase } from '#libs/database';
import { freshDatabase } from '../../../test/support/stores.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { MembersRepository } from './members/members.repository.js';
import { OrganizationKeysRepository } from './organization-keys.repository.js';
import { OrganizationsRepository } from './organizations.repository.js';
import type { KeyRole, Role } from './policy.js';

describe('an organization in PostgreSQL', () => {
  let test: TestDatabase;
  let database: Database;
  let organizations: OrganizationsRepository;
  let members: MembersRepository;
  let keys: OrganizationKeysRepository;
  let principals: ApiKeysRepository;

  beforeAll(async () => {
    test = await freshDatabase();
    database = new Database(test.url, 10);
    organizations = new OrganizationsRepository(database);
    members = new MembersRepository(database);
    keys = new OrganizationKeysRepository(database);
    principals = new ApiKeysRepository(database);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await test?.drop();
  });

  async function user(): Promise<string> {
    const id = newId();
    await database.query('INSERT INTO users (id, name, email) VALUES ($1, $2, $3)', [id, 'U', `${id}@x.org`]);
    return id;
  }

  async function organization(...roles: Role[]): Promise<{ id: string; users: string[] }> {
    const id = newId();
    await organizations.create(id, 'O');
    const users: string[] = [];
    for (const role of roles) {
      const userId = await user();
      await members.add(id, userId, role);
      users.push(userId);
    }
    return { id, users };
  }

  /** @returns what the key may now */
  async function makeKey(organizationId: string, role: KeyRole, createdBy: string | null) {
    const tokenHash = sha256(newId());
    await keys.create(organizationId, { id: newId(), name: 'k', role, createdBy, tokenHash });
    return async () => (await principals.findPrincipal(tokenHash))?.role;
  }

  it('lowers its keys with their makers and ends them with those, whatever becomes of the user', async () => {
    const { id, users } = await organization('owner', 'admin', 'admin');
    const [owner = '', lowered = '', gone = ''] = users;
    const [ofOwner, ofLowered, ofGone, ofOperator] = await Promise.all([
      makeKey(id, 'admin', owner),
      makeKey(id, 'admin', lowered),
      makeKey(id, 'viewer', gone),
      makeKey(id, 'admin', null),
    ]);
    await members.change(id, lowered, 'developer');
    await database.query('DELETE FROM users WHERE id = $1', [gone]);
    expect(await Promise.all([ofOwner(), ofLowered(), ofGone(), ofOperator()])).toEqual([
      'admin',
      'developer',
      undefined,
      'admin',
    ]);
    expect(await members.change(id, lowered, 'removed')).toMatchObject({
      outcome: 'done',
      revokedKeyIds: [expect.any(String)],
    });
    expect(await ofLowered()).toBeUndefined();
  });

  it('keeps an owner when two leave at the same time', async () => {
    const { id, users } = await organization('owner', 'owner');
    const changes = await Promise.all(users.map((userId) => members.change(id, userId, 'removed')));
    expect(changes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'last_owner']);
  });

  it('is removed once, with keys and members, and stays while it has a project', async () => {
    const { id, users } = await organization('owner', 'viewer');
    const role = await makeKey(id, 'admin', users[0] ?? null);
    const projectId = newId();
    await database.query('INSERT INTO projects (id, organization_id, name) VALUES ($1, $2, $3)', [
      projectId,
      id,
      'P',
    ]);
    expect(await organizations.remove(id)).toEqual({ outcome: 'has_projects', projects: ['P'] });
    expect(await role()).toBe('admin');
    await database.query('UPDATE projects SET deleted_at = now() WHERE id = $1', [projectId]);
    const removals = await Promise.all([organizations.remove(id), organizations.remove(id)]);
    expect(removals.map(({ outcome }) => outcome).sort()).toEqual(['done', 'unknown']);
    expect(removals).toContainEqual({ outcome: 'done', keys: 1, invitations: 0, members: 2 });
    expect([await role(), await organizations.find(id)]).toEqual([undefined, null]);
    expect(await members.membershipsOf(users[0] ?? '')).toEqual([]);
  });
});
