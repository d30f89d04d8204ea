import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '#libs/crypto';
import { DomainsLab, type Tenant } from '../../../test/support/domains-lab.js';
import { CreateDomain } from './create-domain.js';
import type { Domain } from './domain.js';
import { ReadDomains } from './read-domains.js';
import { RemoveDomain } from './remove-domain.js';
import { UpdateDomain } from './update-domain.js';
import { VerifyDomain } from './verify-domain.js';

// A bound, not a pace: many tests let days of looks go by.
jest.setTimeout(60_000);

let domains: DomainsLab;
let tenant: Tenant;

beforeAll(async () => {
  domains = await DomainsLab.start(process.env);
  tenant = await domains.newTenant();
}, 60_000);
afterAll(() => domains?.stop(), 60_000);

describe('domains of a project', () => {
  it('answer without their DKIM records when no worker comes in time', async () => {
    const made = await domains.add(tenant, 'slow.example');
    expect(made).toMatchObject({ status: 'not_started', identity: null, followedAt: null });
    expect(domains.lab.main.jobs.added).toContainEqual({
      name: 'domain.follow',
      data: { domainId: made.id },
    });
  });

  it('have a name once, whoever comes first', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () => domains.add(tenant, 'Unique.example')),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'domain.already_registered', kind: 'forbidden' });
    const neighbour = await domains.newTenant();
    await domains.add(neighbour, 'unique.example');
  });

  it('are unknown to every other project', async () => {
    const made = await domains.add(tenant, 'hidden.example');
    const stranger = (await domains.newTenant()).projectId;
    const { main } = domains.lab;
    const attempts: ((projectId: string, id: string) => Promise<unknown>)[] = [
      (projectId, id) => main.get(ReadDomains).get(projectId, id),
      (projectId, id) => main.get(UpdateDomain).execute(projectId, id, { openTracking: true }, 'system'),
      (projectId, id) => main.get(VerifyDomain).execute(projectId, id, 'system'),
      (projectId, id) => main.get(RemoveDomain).execute(projectId, id, 'system'),
    ];
    for (const attempt of attempts) {
      await expect(attempt(stranger, made.id)).rejects.toMatchObject({ code: 'domain.not_found' });
      await expect(attempt(tenant.projectId, newId())).rejects.toMatchObject({ code: 'domain.not_found' });
    }
    const page = { limit: 100, after: undefined, before: undefined };
    expect(await main.get(ReadDomains).list(stranger, page)).toEqual({ domains: [], hasMore: false });
    expect((await domains.read(made)).openTracking).toBe(false);
  });

  it("are not made on another project's connection", async () => {
    const stranger = await domains.newTenant();
    const wanted = domains.lab.main.get(CreateDomain).execute(tenant.projectId, {
      name: 'stolen.example',
      connectionId: stranger.connectionId,
      sending: true,
      receiving: false,
      openTracking: false,
      clickTracking: false,
      trackingSubdomain: null,
      tls: 'opportunistic',
      returnPath: 'send',
      actor: 'system',
    });
    await expect(wanted).rejects.toMatchObject({ code: 'domain.unknown_connection' });
  });

  it('are listed newest first, page by page in both directions', async () => {
    const owner = await domains.newTenant();
    const made: Domain[] = [];
    for (const letter of ['a', 'b', 'c', 'd', 'e']) made.push(await domains.add(owner, `${letter}.example`));
    const list = async (page: { limit: number; after?: string; before?: string }) => {
      const { domains: found, hasMore } = await domains.lab.main
        .get(ReadDomains)
        .list(owner.projectId, { after: undefined, before: undefined, ...page });
      return [found.map(({ name }) => name.charAt(0)).join(''), hasMore];
    };
    const idOf = (index: number) => made[index]?.id ?? '';
    expect(await list({ limit: 100 })).toEqual(['edcba', false]);
    expect(await list({ limit: 2 })).toEqual(['ed', true]);
    expect(await list({ limit: 2, after: idOf(3) })).toEqual(['cb', true]);
    expect(await list({ limit: 2, after: idOf(1) })).toEqual(['a', false]);
    expect(await list({ limit: 2, before: idOf(1) })).toEqual(['dc', true]);
    expect(await list({ limit: 9, before: idOf(1) })).toEqual(['edc', false]);
  });

  it('are changed field by field, and every change is in the audit log', async () => {
    const made = await domains.add(tenant, 'audited.example');
    const { main } = domains.lab;
    const change = (changes: object) =>
      main.get(UpdateDomain).execute(tenant.projectId, made.id, changes, 'key:1');
    await change({ openTracking: true, trackingSubdomain: 'links' });
    await change({ tls: 'enforced' });
    expect(await domains.read(made)).toMatchObject({
      openTracking: true,
      clickTracking: false,
      trackingSubdomain: 'links',
      tls: 'enforced',
    });
    await main.get(VerifyDomain).execute(tenant.projectId, made.id, 'key:1');
    await main.get(RemoveDomain).execute(tenant.projectId, made.id, 'key:1');
    const { rows } = await main.database.query<{ action: string; actor: string }>(
      'SELECT action, actor FROM audit_entries WHERE target = $1 ORDER BY id',
      [`domain:${made.id}`],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'domain.created',
      'domain.updated',
      'domain.updated',
      'domain.verification_requested',
      'domain.deleted',
    ]);
  });
});
