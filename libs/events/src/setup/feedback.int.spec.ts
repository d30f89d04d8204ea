import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FeedbackLab, type FeedbackTenant } from '../../../../test/support/feedback-lab.js';
import { ChangeFeedback } from './change-feedback.js';
import { RemoveFeedback } from './remove-feedback.js';

jest.setTimeout(60_000);

let feedback: FeedbackLab;
beforeAll(async () => {
  feedback = await FeedbackLab.start(process.env);
}, 60_000);
afterAll(() => feedback?.stop(), 60_000);
afterEach(async () => {
  await feedback.lab.admin('DELETE', '/faults');
});

const inbox = async ({ connectionId }: FeedbackTenant): Promise<string[]> => {
  const { rows } = await feedback.lab.main.database.query<{ body: string }>(
    'SELECT body FROM event_inbox WHERE connection_id = $1 ORDER BY id',
    [connectionId],
  );
  return rows.map(({ body }) => body);
};

/** Steps, proof and the events of the proof, as jobs would do it. */
const complete = async (tenant: FeedbackTenant) => {
  await feedback.follow(tenant);
  await feedback.flush();
  await feedback.pull(tenant);
  await feedback.follow(tenant);
  return feedback.read(tenant);
};

const remove = async (tenant: FeedbackTenant) => {
  await feedback.lab.main.get(RemoveFeedback).execute(tenant.projectId, tenant.connectionId, 'system');
  await feedback.follow(tenant);
};

describe('mode pull', () => {
  it('makes everything, proves the way, and takes everything away again', async () => {
    const before = await feedback.resources();
    const tenant = await feedback.newTenant();
    await feedback.setUp(tenant, 'pull');
    await feedback.follow(tenant);
    const proving = await feedback.read(tenant);
    expect(proving.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'configuration_set passed',
      'topic passed',
      'queue passed',
      'subscription passed',
      'event_destination passed',
      'path_proven pending',
    ]);
    expect(proving.status).toBe('proving');
    await feedback.flush();
    await feedback.pull(tenant);
    expect(feedback.lab.main.jobs.added).toContainEqual({
      name: 'feedback.follow',
      data: { connectionId: tenant.connectionId },
    });
    await feedback.follow(tenant);
    expect(await feedback.read(tenant)).toMatchObject({
      status: 'active',
      status_reason: null,
      problem: null,
    });
    // The proof's events are nobody's mail.
    expect(await inbox(tenant)).toEqual([]);
    await remove(tenant);
    expect(await feedback.resources()).toEqual(before);
  });

  it('asks for no right that it does not use', async () => {
    const tenant = await feedback.newTenant();
    await feedback.lab.clearCalls();
    await feedback.setUp(tenant, 'pull');
    await complete(tenant);
    await remove(tenant);
    const used = await feedback.actions(['sns', 'sqs']);
    const kit = await feedback.policiesOf(tenant, [{ purpose: 'events' }]);
    const granted = kit.policies['events']?.Statement.flatMap(({ Action }) => Action) ?? [];
    // Confirming is for mode sns.
    expect(used).toEqual(granted.filter((action) => action !== 'sns:ConfirmSubscription').sort());
  });

  it('says what is missing and what to paste, and goes on by itself once it is there', async () => {
    const tenant = await feedback.newTenant([{ purpose: 'send' }, { purpose: 'configure' }]);
    await feedback.setUp(tenant, 'pull');
    await feedback.follow(tenant);
    const failed = await feedback.read(tenant);
    expect(failed.status).toBe('failed');
    const topic = failed.steps.find(({ name }) => name === 'topic');
    expect(topic).toMatchObject({ outcome: 'failed', side: 'customer' });
    expect(topic?.detail).toMatch(
      /does not allow SNS:CreateTopic on arn:aws:sns:eu-west-1:444455556666:sesame-/i,
    );
    expect(topic?.remedy).toContain('aws iam put-role-policy');
    const policies = { send: {}, events: topic?.paste?.permissions_policy };
    const kits = await feedback.policiesOf(tenant, [{ purpose: 'send' }, { purpose: 'configure' }]);
    await feedback.lab.putRole(tenant.roleName, {
      ...kits,
      policies: { ...kits.policies, ...{ events: policies.events } },
    });
    feedback.lab.clock.advance(30);
    await feedback.tick();
    await feedback.flush();
    await feedback.pull(tenant);
    await feedback.follow(tenant);
    expect(await feedback.read(tenant)).toMatchObject({ status: 'active' });
    await remove(tenant);
  });

  it('takes up a set-up that was cut short where it was', async () => {
    const tenant = await feedback.newTenant();
    await feedback.lab.admin('PUT', '/faults', [
      { service: 'sqs', action: 'CreateQueue', kind: 'lost_response', count: 10 },
    ]);
    await feedback.setUp(tenant, 'pull');
    await feedback.follow(tenant);
    expect((await feedback.read(tenant)).steps.find(({ name }) => name === 'queue')).toMatchObject({
      outcome: 'pending',
      side: 'aws',
    });
    await feedback.lab.admin('DELETE', '/faults');
    await feedback.lab.clearCalls();
    expect((await complete(tenant)).status).toBe('active');
    expect(await feedback.calls('ses', 'CreateConfigurationSet')).toBe(0);
    await remove(tenant);
  });

  it('can be asked for twice, and proves the way again', async () => {
    const tenant = await feedback.newTenant();
    await feedback.setUp(tenant, 'pull');
    const first = await complete(tenant);
    feedback.lab.clock.advance(60);
    expect((await feedback.setUp(tenant, 'pull')).status).toBe('setting_up');
    const second = await complete(tenant);
    expect(second).toMatchObject({ status: 'active', queue_url: first.queue_url });
    expect(Date.parse(second.proven_at ?? '')).toBeGreaterThan(Date.parse(first.proven_at ?? ''));
    await expect(feedback.setUp(tenant, 'sns')).rejects.toMatchObject({ code: 'feedback.already_set_up' });
    await remove(tenant);
  });

  it('fails with a hint when no event comes back', async () => {
    const tenant = await feedback.newTenant();
    await feedback.lab.admin('PATCH', '/events', { loss: 1 });
    await feedback.setUp(tenant, 'pull');
    for (let proof = 0; proof < 4; proof++) {
      await feedback.follow(tenant);
      await feedback.flush();
      feedback.lab.clock.advance(60);
    }
    await feedback.lab.admin('PATCH', '/events', { loss: 0 });
    const failed = await feedback.read(tenant);
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed.steps.at(-1)).toMatchObject({ name: 'path_proven', outcome: 'failed', side: 'customer' });
    expect(failed.steps.at(-1)?.remedy).toContain('subscribed to the topic');
    await remove(tenant);
  });

  it('tracks opens and clicks on demand, under a host of the customer', async () => {
    const tenant = await feedback.newTenant();
    await feedback.setUp(tenant, 'pull');
    await complete(tenant);
    const change = (changes: object) =>
      feedback.lab.main.get(ChangeFeedback).execute(tenant.projectId, tenant.connectionId, changes, 'system');
    feedback.lab.clock.advance(1);
    await change({ opens: true, redirectDomain: 'links.example.org' });
    await feedback.follow(tenant);
    expect(await feedback.read(tenant)).toMatchObject({
      status: 'active',
      tracking: { opens: true, clicks: false, redirect_domain: 'links.example.org' },
    });
    const [destination] = await feedback.destinations(tenant);
    expect(destination).toMatchObject({ Enabled: true });
    expect(destination?.MatchingEventTypes).toContain('OPEN');
    expect(destination?.MatchingEventTypes).not.toContain('CLICK');
    feedback.lab.clock.advance(1);
    await change({ opens: false });
    await feedback.follow(tenant);
    expect((await feedback.destinations(tenant))[0]?.MatchingEventTypes).not.toContain('OPEN');
    await remove(tenant);
  });

  it('leaves alone what the customer made with the kit, and needs no right to make anything', async () => {
    const maker = await feedback.newTenant();
    await feedback.setUp(maker, 'pull');
    await complete(maker);
    const made = await feedback.resources();
    // As if the kit had made it: nothing of it is ours.
    await feedback.lab.main.database.query('DELETE FROM feedback_sources WHERE connection_id = $1', [
      maker.connectionId,
    ]);
    await feedback.allow(maker, [{ purpose: 'send' }, { purpose: 'events', feedback: 'kit' }]);
    await feedback.sentMail(maker);
    await feedback.setUp(maker, 'pull', {});
    const active = await complete(maker);
    expect(active.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'queue passed',
      'path_proven passed',
    ]);
    expect(active).toMatchObject({ status: 'active', managed: false });
    await remove(maker);
    expect(await feedback.resources()).toEqual(made);
  });

  it('keeps trying to take away what it may not delete, and says so', async () => {
    const tenant = await feedback.newTenant();
    await feedback.setUp(tenant, 'pull');
    await complete(tenant);
    await feedback.allow(tenant, [{ purpose: 'send' }, { purpose: 'configure' }]);
    await remove(tenant);
    const left = await feedback.read(tenant);
    expect(left.status).toBe('removing');
    expect(left.steps.find(({ name }) => name === 'queue')).toMatchObject({
      outcome: 'failed',
      side: 'customer',
    });
    await feedback.allow(tenant, [{ purpose: 'send' }, { purpose: 'configure' }, { purpose: 'events' }]);
    feedback.lab.clock.advance(3600);
    await feedback.tick();
    await expect(feedback.read(tenant)).rejects.toMatchObject({ code: 'feedback.not_found' });
  });
});

describe('resources of others', () => {
  it.each([
    ['pull', { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/999900001111/sesame-1' }],
    ['pull', { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/444455556666/orders' }],
    ['pull', { queueUrl: 'http://169.254.169.254/444455556666/sesame-1/../x' }],
    ['sns', { topicArn: 'arn:aws:sns:eu-west-1:999900001111:sesame-1' }],
    ['sns', { topicArn: 'arn:aws:sns:us-east-1:444455556666:sesame-1' }],
  ] as const)('are refused in mode %s: %j', async (mode, manual) => {
    const tenant = await feedback.newTenant();
    await expect(feedback.setUp(tenant, mode, manual)).rejects.toMatchObject({
      code: 'feedback.foreign_resource',
    });
  });
});
