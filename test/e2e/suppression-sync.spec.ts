import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer, region, type ConnectionBody } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface SyncBody {
  mode: string;
  imported: number;
  put: number;
  deleted: number;
  pending: number;
  suppressed_reasons: string[] | null;
  problem: { code: string; detail: string; remedy: string | null } | null;
  synced_at: string | null;
}

interface SuppressionBody {
  email: string;
  origin: string;
  ses_connection_id?: string;
}

/** Syncs of one connection each, in an SES account of its own. */
class SyncCustomer {
  private constructor(
    readonly customer: Customer,
    readonly connection: ConnectionBody,
  ) {}

  static async connect(stack: Stack, account: string, purposes: readonly string[]): Promise<SyncCustomer> {
    const customer = await Customer.create(stack, account, `c${account.slice(-4)}.example`);
    const made = await customer.newConnection();
    await customer.kit(made.id);
    const policies = await SyncCustomer.policies(customer, made.id, purposes);
    const roleArn = await customer.putRole('Sender', made.id, { policies });
    await customer.api('PATCH', `/v1/connections/${made.id}`, { role_arn: roleArn });
    return new SyncCustomer(customer, await customer.untilStatus(made.id, 'active'));
  }

  private static async policies(customer: Customer, id: string, purposes: readonly string[]) {
    const kits = await Promise.all(
      purposes.map((purpose) =>
        customer.api<{ permissions_policy: object }>('GET', `/v1/connections/${id}/kit?purpose=${purpose}`),
      ),
    );
    return Object.fromEntries(
      kits.map(({ body }, index) => [purposes[index] ?? '', body.permissions_policy]),
    );
  }

  async allow(...purposes: string[]): Promise<void> {
    const policies = await SyncCustomer.policies(this.customer, this.connection.id, purposes);
    await this.customer.putRole('Sender', this.connection.id, { policies });
  }

  set(mode: string) {
    return this.customer.api<SyncBody>('PUT', `/v1/connections/${this.connection.id}/suppression-sync`, {
      mode,
    });
  }

  async read(): Promise<SyncBody> {
    return (
      await this.customer.api<SyncBody>('GET', `/v1/connections/${this.connection.id}/suppression-sync`)
    ).body;
  }

  untilSync(what: string, isThere: (sync: SyncBody) => boolean): Promise<SyncBody> {
    return until(
      what,
      async () => {
        const sync = await this.read();
        if (isThere(sync)) return sync;
        throw new Error(JSON.stringify(sync));
      },
      60_000,
    );
  }

  async suppression(email: string): Promise<SuppressionBody | undefined> {
    const { status, body } = await this.customer.api('GET', `/suppressions/${email}`);
    return status === 200 ? (body as unknown as SuppressionBody) : undefined;
  }

  /** The account's own list in the sandbox. */
  get account() {
    return this.customer.stack.sandbox.state.ses(this.customer.account, region).suppressed;
  }

  listInSes(emailAddress: string, reason: 'BOUNCE' | 'COMPLAINT' = 'BOUNCE'): void {
    const updatedAt = this.customer.stack.sandbox.clock.now();
    this.account.set(emailAddress, { emailAddress, reason, updatedAt });
  }
}

describe("the sync with an SES account's suppression list", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_VERIFY_WINDOW_SECONDS: '3' } });
    // SES's own pace: who calls more than once a second is refused.
    await fetch(`${stack.sandbox.url}/_sandbox/settings`, {
      method: 'PATCH',
      body: JSON.stringify({ control_plane_throttle: true }),
    });
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  it('takes over more than a thousand addresses, which get no mail any more', async () => {
    const one = await SyncCustomer.connect(stack, '444455550001', ['send', 'analytics']);
    const { customer, connection } = one;
    expect(await one.read()).toMatchObject({ mode: 'off', synced_at: null });
    for (let index = 0; index < 1_250; index++) one.listInSes(`gone${index}@example.net`);
    one.listInSes('Spam.Trap@Example.net', 'COMPLAINT');
    expect((await one.set('import')).body).toMatchObject({ mode: 'import' });
    const sync = await one.untilSync('both pages', ({ synced_at }) => synced_at !== null);
    expect(sync.imported).toBe(1_251);
    expect(sync).toMatchObject({
      problem: null,
      suppressed_reasons: ['BOUNCE', 'COMPLAINT'],
      put: 0,
      deleted: 0,
    });
    expect(await one.suppression('gone7@example.net')).toMatchObject({
      origin: 'bounce',
      ses_connection_id: connection.id,
    });
    expect(await one.suppression('spam.trap@example.net')).toMatchObject({ origin: 'complaint' });
    await customer.untilEmail(await customer.send({ to: ['spam.trap@example.net'] }), 'suppressed');
    await customer.untilEmail(await customer.send(), 'sent');
  }, 90_000);

  it('puts there what the project suppresses and deletes what it allows again', async () => {
    const one = await SyncCustomer.connect(stack, '444455550002', ['send', 'configure']);
    const { customer } = one;
    await customer.api('POST', '/suppressions', { email: 'before@example.net' });
    one.listInSes('theirs@example.net');
    await one.set('both');
    await one.untilSync('the old one', ({ put, imported }) => put === 1 && imported === 1);
    await customer.api('POST', '/suppressions', { email: 'after@example.net' });
    await one.untilSync('the new one', ({ put }) => put === 2);
    expect([...one.account.keys()].sort()).toEqual([
      'after@example.net',
      'before@example.net',
      'theirs@example.net',
    ]);
    for (const email of ['before@example.net', 'theirs@example.net'])
      expect((await customer.api('DELETE', `/suppressions/${email}`)).status).toBe(200);
    await one.untilSync('both deleted', ({ deleted, pending }) => deleted === 2 && pending === 0);
    expect([...one.account.keys()]).toEqual(['after@example.net']);
    await customer.untilEmail(await customer.send({ to: ['theirs@example.net'] }), 'sent');
    expect((await one.set('off')).body).toMatchObject({ mode: 'off', pending: 0 });
    await customer.api('DELETE', '/suppressions/after@example.net');
    expect([...one.account.keys()]).toEqual(['after@example.net']);
  }, 90_000);

  it('names the right that is missing, with what to paste; mail goes out meanwhile', async () => {
    const one = await SyncCustomer.connect(stack, '444455550003', ['send']);
    const { customer, connection } = one;
    one.listInSes('gone@example.net');
    await one.set('import');
    const { problem } = await one.untilSync('the problem', (sync) => sync.problem !== null);
    expect(problem?.detail).toContain('does not allow ses:ListSuppressedDestinations');
    expect(problem?.remedy).toContain('"ses:ListSuppressedDestinations"');
    expect(problem?.remedy).toContain('aws iam put-role-policy');
    await customer.untilEmail(await customer.send(), 'sent');
    expect((await customer.connection(connection.id)).status).toBe('active');
    await one.allow('send', 'analytics');
    await one.set('import');
    await one.untilSync('the import', ({ imported, problem: left }) => imported === 1 && left === null);
  }, 90_000);

  it('waits with the reason while the role is gone, and goes on when it is back', async () => {
    const one = await SyncCustomer.connect(stack, '444455550004', ['send', 'configure']);
    const { customer, connection } = one;
    await one.set('both');
    await one.untilSync('the first pass', ({ synced_at }) => synced_at !== null);
    await customer.admin('DELETE', `/accounts/${customer.account}/roles/Sender`);
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    await customer.untilStatus(connection.id, 'broken');
    await customer.api('POST', '/suppressions', { email: 'meanwhile@example.net' });
    const waiting = await one.untilSync('the problem', (sync) => sync.problem !== null);
    expect(waiting).toMatchObject({ mode: 'both', pending: 1 });
    expect(waiting.problem?.code).toMatch(/^connection\./);
    const refused = await one.set('import');
    expect([refused.status, refused.body]).toEqual([
      409,
      expect.objectContaining({ message: expect.stringContaining('broken'), remedy: expect.any(String) }),
    ]);
    await one.allow('send', 'configure');
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    await customer.untilStatus(connection.id, 'active');
    await one.set('both');
    await one.untilSync('the address', ({ put, pending }) => put === 1 && pending === 0);
    expect([...one.account.keys()]).toEqual(['meanwhile@example.net']);
  }, 120_000);

  it.each([{}, { mode: 'export' }, { mode: null }, { mode: 'both', more: 1 }])('refuses %j', async (body) => {
    const one = await Customer.create(stack, '444455550005', 'c0005.example');
    const { id } = await one.newConnection();
    const answer = await one.api('PUT', `/v1/connections/${id}/suppression-sync`, body);
    expect(answer.status).toBe(422);
  });
});
