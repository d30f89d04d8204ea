import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { Customer, type ConnectionBody, type Kit } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface RecordBody {
  record: string;
  name: string;
  type: string;
  value: string;
  priority?: number;
  status: string;
  fqdn: string;
  observed: string[] | null;
  hint: string | null;
}

interface DomainBody {
  id: string;
  name: string;
  status: string;
  region: string;
  identity: string | null;
  connection_id: string;
  problem: { kind: string; message: string; remedy: string | null } | null;
  records: RecordBody[];
}

const elsewhere = 'us-east-1';
const missingId = '01930000-0000-7000-8000-000000000000';

describe('domains', () => {
  let stack: Stack;
  let customer: Customer;
  let resend: Resend;
  let near: ConnectionBody;
  let far: ConnectionBody;

  beforeAll(async () => {
    stack = await startStack();
    customer = await Customer.create(stack);
    near = await connect('Sender', 'eu-west-1', customer);
    far = await connect('FarSender', elsewhere, customer);
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(() => stack?.close());

  /** A connection in a region, with a role for sending and, unless told otherwise, for configuring. */
  async function connect(
    roleName: string,
    region: string,
    owner: Customer,
    purposes = ['send', 'configure'],
  ): Promise<ConnectionBody> {
    const { body } = await owner.api<ConnectionBody>('POST', `/v1/projects/${owner.projectId}/connections`, {
      region,
    });
    await owner.admin('PATCH', `/accounts/${owner.account}/regions/${region}/ses`, {
      production_access: true,
      max_send_rate: 1_000,
      max_24_hour_send: 100_000,
    });
    const arn = await owner.putRole(roleName, body.id, {
      policies: await policies(owner, body.id, purposes),
    });
    await owner.api('PATCH', `/v1/connections/${body.id}`, { role_arn: arn });
    return owner.untilStatus(body.id, 'active');
  }

  async function policies(owner: Customer, connectionId: string, purposes: string[]) {
    await owner.kit(connectionId);
    const kits = await Promise.all(
      purposes.map((purpose) =>
        owner.api<Kit>('GET', `/v1/connections/${connectionId}/kit?purpose=${purpose}`),
      ),
    );
    return Object.fromEntries(
      kits.map(({ body }, index) => [purposes[index] ?? '', body.permissions_policy]),
    );
  }

  const show = async (id: string, owner = customer): Promise<DomainBody> =>
    (await owner.api<DomainBody>('GET', `/domains/${id}`)).body;

  const untilDomain = (id: string, status: string, owner = customer): Promise<DomainBody> =>
    until(`domain ${status}`, async () => {
      const domain = await show(id, owner);
      if (domain.status === status) return domain;
      throw new Error(JSON.stringify(domain));
    });

  const publish = (record: { fqdn: string; type: string; value: string; priority?: number }) =>
    customer.admin('PUT', `/dns/${record.fqdn}/${record.type}`, {
      values: [record.priority === undefined ? record.value : `${record.priority} ${record.value}`],
    });

  const identity = async (name: string, region = 'eu-west-1'): Promise<object | undefined> => {
    const state = await customer.admin<{
      accounts: Record<string, { regions: Record<string, { identities: Record<string, object> }> }>;
    }>('GET', '/state');
    return state.accounts[customer.account]?.regions[region]?.identities[name];
  };

  const refusal = async (fields: object, owner = customer) => {
    const { status, body } = await owner.api('POST', '/domains', fields);
    return { status, ...body };
  };

  it('are created, published, verified, sent from, changed and removed with the unmodified resend SDK', async () => {
    const { data: made, error } = await resend.domains.create({
      name: 'Mail.Acme.co.uk',
      customReturnPath: 'bounce',
    });
    expect(error).toBeNull();
    if (made === null) throw new Error('no domain');
    expect(made).toMatchObject({ name: 'mail.acme.co.uk', status: 'pending', region: 'eu-west-1' });
    expect(made).not.toHaveProperty('object');
    const { records } = made as unknown as DomainBody;
    const dkim = records.filter(({ record }) => record === 'DKIM');
    expect(dkim).toHaveLength(3);
    for (const record of dkim) {
      expect(record).toMatchObject({ type: 'CNAME', ttl: 'Auto', status: 'pending' });
      expect(record.name).toMatch(/^\w+\._domainkey\.mail$/);
      expect(record.value).toBe(`${record.name.split('.')[0]}.dkim.amazonses.com`);
    }
    expect(records.filter(({ record }) => record === 'SPF')).toEqual([
      expect.objectContaining({
        name: 'bounce.mail',
        fqdn: 'bounce.mail.acme.co.uk',
        type: 'MX',
        priority: 10,
        value: 'feedback-smtp.eu-west-1.amazonses.com',
      }),
      expect.objectContaining({
        name: 'bounce.mail',
        type: 'TXT',
        value: 'v=spf1 include:amazonses.com ~all',
      }),
    ]);

    // The accept of mail goes by what it read at most a second ago.
    const refused = await until('refusal', async () => {
      const answer = await resend.emails.send({
        from: 'A <a@mail.acme.co.uk>',
        to: 'success@simulator.amazonses.com',
        subject: 's',
        text: 't',
        scheduledAt: 'in 1 hour',
      });
      return answer.error ?? undefined;
    });
    expect(refused).toMatchObject({
      statusCode: 403,
      name: 'validation_error',
      message: expect.stringContaining('The `mail.acme.co.uk` domain is not verified.'),
      remedy: expect.stringContaining(`/domains/${made.id}`),
    });

    // A usual mistake first: the provider appends the zone.
    const [first] = dkim;
    if (first === undefined) throw new Error('no record');
    await publish({ ...first, fqdn: `${first.fqdn}.acme.co.uk` });
    expect((await resend.domains.verify(made.id)).data).toEqual({ object: 'domain', id: made.id });
    await until('hint', async () =>
      (await show(made.id)).records.some(({ hint }) => hint?.includes('adds acme.co.uk by itself')),
    );

    for (const record of dkim) await publish(record);
    await resend.domains.verify(made.id);
    const partly = await untilDomain(made.id, 'partially_verified');
    expect(partly.records.filter(({ record }) => record === 'SPF').map(({ status }) => status)).toEqual([
      'pending',
      'pending',
    ]);
    for (const record of records) await publish(record);
    await resend.domains.verify(made.id);
    await untilDomain(made.id, 'verified');
    const whole = await until('every record', async () => {
      const domain = await show(made.id);
      return domain.records.every(({ status }) => status === 'verified') && domain;
    });
    expect(whole.records.map(({ observed }) => observed?.length)).toEqual(whole.records.map(() => 1));

    const id = await until('accepted', async () => {
      const { data } = await resend.emails.send({
        from: 'A <a@mail.acme.co.uk>',
        to: 'success@simulator.amazonses.com',
        subject: 's',
        text: 't',
      });
      return data?.id;
    });
    expect(await customer.untilEmail(id, 'sent')).toMatchObject({ connection_id: near.id });

    expect((await resend.domains.list()).data).toMatchObject({
      object: 'list',
      has_more: false,
      data: [{ id: made.id, name: 'mail.acme.co.uk', status: 'verified' }],
    });
    expect((await resend.domains.list()).data?.data[0]).not.toHaveProperty('records');
    const updated = await resend.domains.update({
      id: made.id,
      openTracking: true,
      clickTracking: true,
      tls: 'enforced',
      trackingSubdomain: 'links',
    });
    expect(updated.data).toEqual({ object: 'domain', id: made.id });
    expect((await resend.domains.get(made.id)).data).toMatchObject({
      object: 'domain',
      open_tracking: true,
      click_tracking: true,
      tls: 'enforced',
      tracking_subdomain: 'links',
      capabilities: { sending: 'enabled', receiving: 'disabled' },
    });

    expect(await identity('mail.acme.co.uk')).toBeDefined();
    expect((await resend.domains.remove(made.id)).data).toEqual({
      object: 'domain',
      id: made.id,
      deleted: true,
    });
    expect((await resend.domains.get(made.id)).error).toMatchObject({
      statusCode: 404,
      message: 'Domain not found',
    });
    await until('identity gone', async () => (await identity('mail.acme.co.uk')) === undefined);
  }, 120_000);

  it('send through the connection where they are at home', async () => {
    const { body } = await customer.api<DomainBody>('POST', '/domains', {
      name: 'far.example',
      region: elsewhere,
    });
    expect(body).toMatchObject({ region: elsewhere, connection_id: far.id });
    expect(body.records.find(({ type }) => type === 'MX')?.value).toBe(
      `feedback-smtp.${elsewhere}.amazonses.com`,
    );
    for (const record of body.records) await publish(record);
    await customer.api('POST', `/domains/${body.id}/verify`);
    await untilDomain(body.id, 'verified');
    const through = async (from: string) => {
      const id = await until('accepted', async () => {
        const answer = await customer.api<{ id: string }>('POST', '/emails', customer.email({ from }));
        return answer.status === 200 ? answer.body.id : undefined;
      });
      return (await customer.untilEmail(id, 'sent'))['connection_id'];
    };
    expect(await through('a@far.example')).toBe(far.id);
    expect(await through('a@sub.far.example')).toBe(far.id);
    // Not one of the project's domains: the default connection, and SES judges.
    expect(await through('a@example.com')).toBe(near.id);
  }, 60_000);

  it('that SES has already are adopted as they are, and outlive their removal', async () => {
    const path = `/accounts/${customer.account}/regions/eu-west-1/identities/old.example`;
    await customer.admin('PUT', path, { verified: true });
    const { status, body } = await customer.api<DomainBody>('POST', '/domains', { name: 'old.example' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'verified', identity: 'adopted', problem: null });
    // It keeps SES's own MAIL FROM, so there is nothing to publish for one.
    expect(body.records.map(({ record, status: state }) => [record, state])).toEqual([
      ['DKIM', 'verified'],
      ['DKIM', 'verified'],
      ['DKIM', 'verified'],
      ['DMARC', 'not_started'],
    ]);
    await customer.admin('DELETE', '/calls');
    await customer.api('DELETE', `/domains/${body.id}`);
    const again = await customer.api<DomainBody>('POST', '/domains', { name: 'old.example' });
    expect(again.body).toMatchObject({ identity: 'adopted', status: 'verified' });
    await customer.api('DELETE', `/domains/${again.body.id}`);
    const calls = await customer.admin<{ action: string }[]>('GET', '/calls?service=ses');
    expect(new Set(calls.map(({ action }) => action))).toEqual(new Set(['GetEmailIdentity']));
    expect(await identity('old.example')).toBeDefined();
  }, 60_000);

  it('need the right to configure; the refusal says what to paste, and pasting it is enough', async () => {
    const other = await Customer.create(stack, '555566667777', 'other.example');
    const connection = await connect('OnlySends', 'eu-west-1', other, ['send']);
    const refused = await refusal({ name: 'new.example' }, other);
    expect(refused).toMatchObject({
      status: 403,
      name: 'validation_error',
      message: expect.stringContaining('The role of the connection does not allow ses:GetEmailIdentity'),
      remedy: expect.stringContaining('aws iam put-role-policy --role-name OnlySends'),
    });
    expect((await other.api('GET', '/domains')).body).toEqual({ object: 'list', has_more: false, data: [] });
    const remedy = String((refused as Record<string, unknown>)['remedy']);
    const policy = JSON.parse(/\n\n(\{[\s\S]*?\n\})\n\n/.exec(remedy)?.[1] ?? '') as object;
    await other.putRole('OnlySends', connection.id, {
      policies: { ...(await policies(other, connection.id, ['send'])), pasted: policy },
    });
    const { status, body } = await other.api<DomainBody>('POST', '/domains', { name: 'new.example' });
    expect([status, body.status, body.identity]).toEqual([201, 'pending', 'created']);
  }, 60_000);

  it('of another project answer 404 like none', async () => {
    const { body } = await customer.api<DomainBody>('POST', '/domains', { name: 'mine.example' });
    const stranger = await Customer.create(stack, '888899990000', 'stranger.example');
    for (const id of [body.id, missingId]) {
      for (const [method, path, input] of [
        ['GET', `/domains/${id}`, undefined],
        ['PATCH', `/domains/${id}`, { open_tracking: true }],
        ['POST', `/domains/${id}/verify`, undefined],
        ['DELETE', `/domains/${id}`, undefined],
      ] as const) {
        const answer = await stranger.api(method, path, input);
        expect([answer.status, answer.body['name'], answer.body['message']]).toEqual([
          404,
          'not_found',
          'Domain not found',
        ]);
      }
    }
    expect((await stranger.api<{ data: unknown[] }>('GET', '/domains')).body.data).toEqual([]);
    expect((await show(body.id)).name).toBe('mine.example');
  }, 60_000);

  it('are refused with the field at fault', async () => {
    await customer.api('POST', '/domains', { name: 'twice.example' });
    expect(await refusal({ name: 'Twice.example.' })).toMatchObject({
      status: 403,
      name: 'validation_error',
      message: expect.stringContaining('registered already'),
    });
    for (const [fields, name, field] of [
      [{}, 'missing_required_field', 'name'],
      [{ name: 'co.uk' }, 'validation_error', 'name'],
      [{ name: 'localhost' }, 'validation_error', 'name'],
      [{ name: 'a@b.com' }, 'validation_error', 'name'],
      [{ name: 'https://b.com/' }, 'validation_error', 'name'],
      [{ name: 'x.com', region: 'moon-1' }, 'invalid_region', 'region'],
      [{ name: 'x.com', region: 'ap-northeast-1' }, 'invalid_region', 'region'],
      [{ name: 'x.com', connection_id: missingId }, 'validation_error', 'connection_id'],
      [{ name: 'x.com', custom_return_path: 'a.b' }, 'validation_error', 'custom_return_path'],
      [{ name: 'x.com', tls: 'maybe' }, 'validation_error', 'tls'],
      [{ name: 'x.com', open_tracking: 'yes' }, 'validation_error', 'open_tracking'],
    ] as const) {
      expect(await refusal(fields)).toMatchObject({ statusCode: 422, name, field });
    }
    const { status, body } = await customer.api('GET', '/domains/not-a-uuid');
    expect([status, body['name']]).toEqual([422, 'invalid_parameter']);
    expect((await customer.api('GET', '/domains?limit=101')).status).toBe(422);
  }, 60_000);

  it('wait for a worker within bounds, and are followed when one is there again', async () => {
    const worker = stack.processes.find(({ name }) => name === 'worker');
    await worker?.stop();
    const { status, body } = await customer.api<DomainBody>('POST', '/domains', { name: 'patient.example' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'not_started', identity: null });
    expect(body.records.map(({ record }) => record)).toEqual(['SPF', 'SPF', 'DMARC']);
    await stack.addWorker();
    const followed = await untilDomain(body.id, 'pending');
    expect(followed.records.filter(({ record }) => record === 'DKIM')).toHaveLength(3);
  }, 60_000);
});
