import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FeedbackLab, type FeedbackTenant } from '../../../../test/support/feedback-lab.js';
import { until } from '../../../../test/support/until.js';
import { RemoveFeedback } from '../setup/remove-feedback.js';
import { EndConnection } from './end-connection.js';

jest.setTimeout(60_000);

let feedback: FeedbackLab;
beforeAll(async () => {
  feedback = await FeedbackLab.start(process.env);
}, 60_000);
afterAll(() => feedback?.stop(), 60_000);
afterEach(async () => {
  await feedback.lab.admin('DELETE', '/faults');
});

/** A tenant whose way in mode pull is proven. */
const activeTenant = async (): Promise<FeedbackTenant> => {
  const tenant = await feedback.newTenant();
  await feedback.setUp(tenant, 'pull');
  await feedback.follow(tenant);
  await feedback.flush();
  await feedback.pull(tenant);
  await feedback.follow(tenant);
  expect((await feedback.read(tenant)).status).toBe('active');
  return tenant;
};

const queueOf = ({ connectionId }: FeedbackTenant): string => `sesame-${connectionId.slice(-12)}`;

/** Messages that SNS would have put into the queue meanwhile. */
const fill = async (tenant: FeedbackTenant, count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, index) => `${tenant.connectionId.slice(-6)}-${index}`);
  await feedback.send(
    queueOf(tenant),
    ids.map((id) => JSON.stringify({ Type: 'Notification', MessageId: id, Message: `{"n":"${id}"}` })),
  );
  return ids;
};

const taken = async ({ connectionId }: FeedbackTenant): Promise<string[]> => {
  const { rows } = await feedback.lab.main.database.query<{ id: string }>(
    'SELECT transport_id AS id FROM event_receipts WHERE connection_id = $1',
    [connectionId],
  );
  return rows.map(({ id }) => id);
};

const beginRemoval = ({ projectId, connectionId }: FeedbackTenant) =>
  feedback.lab.main.get(RemoveFeedback).execute(projectId, connectionId, 'system');
const gone = (tenant: FeedbackTenant) =>
  expect(feedback.read(tenant)).rejects.toMatchObject({ code: 'feedback.not_found' });

describe('removing feedback', () => {
  it('takes in what lies in the queue, however much, and then deletes it', async () => {
    const before = await feedback.resources();
    const tenant = await activeTenant();
    const ids = await fill(tenant, 73);
    await beginRemoval(tenant);
    await feedback.follow(tenant);
    expect(await taken(tenant)).toEqual(expect.arrayContaining(ids));
    await gone(tenant);
    expect(await feedback.resources()).toEqual(before);
  });

  it('waits for what another reader holds, and takes it when that reader has died', async () => {
    const tenant = await activeTenant();
    const ids = await fill(tenant, 3);
    expect(await feedback.hold(queueOf(tenant))).toBe(3);
    await beginRemoval(tenant);
    await feedback.follow(tenant);
    const waiting = await feedback.read(tenant);
    expect(waiting.status).toBe('removing');
    expect(waiting.steps.find(({ name }) => name === 'queue')).toMatchObject({
      outcome: 'pending',
      detail: '3 messages that still lie in the queue are taken in first.',
    });
    feedback.lab.clock.advance(61);
    await feedback.tick();
    expect(await taken(tenant)).toEqual(expect.arrayContaining(ids));
    await gone(tenant);
  });

  it('does not wait for ever for a queue that cannot be read', async () => {
    const tenant = await activeTenant();
    await fill(tenant, 1);
    await feedback.lab.admin('PUT', '/faults', [
      { service: 'sqs', action: 'ReceiveMessage', kind: 'error_500', count: 1_000 },
    ]);
    await beginRemoval(tenant);
    await feedback.follow(tenant);
    expect((await feedback.read(tenant)).steps.find(({ name }) => name === 'queue')).toMatchObject({
      outcome: 'pending',
      side: 'aws',
    });
    feedback.lab.clock.advance(601);
    await feedback.tick();
    await gone(tenant);
    expect(feedback.lab.main.logLines.some((line) => line.includes('feedback.events_left'))).toBe(true);
  });

  it('does not mind a queue that somebody has deleted', async () => {
    const tenant = await activeTenant();
    await feedback.deleteQueue(queueOf(tenant));
    await beginRemoval(tenant);
    await feedback.follow(tenant);
    await gone(tenant);
  });
});

describe('disconnecting', () => {
  const end = ({ projectId, connectionId }: FeedbackTenant) =>
    feedback.lab.main.get(EndConnection).execute(projectId, connectionId, 'system');
  const pulls = ({ connectionId }: FeedbackTenant) =>
    feedback.lab.main.jobs.added.filter(
      ({ name, data }) =>
        name === 'feedback.pull' && (data as { connectionId: string }).connectionId === connectionId,
    ).length;
  const isAsked = async ({ connectionId }: FeedbackTenant): Promise<boolean> => {
    const { rows } = await feedback.lab.main.database.query<{ asked: boolean }>(
      'SELECT pull_asked_at IS NOT NULL AS asked FROM feedback_sources WHERE connection_id = $1',
      [connectionId],
    );
    return rows[0]?.asked === true;
  };

  it('waits until a worker has taken in what lies in the queue', async () => {
    const tenant = await activeTenant();
    const ids = await fill(tenant, 25);
    const before = pulls(tenant);
    const ending = end(tenant);
    await until('the worker is asked', async () => (await isAsked(tenant)) && pulls(tenant) > before);
    await feedback.pull(tenant);
    expect((await ending).connection.status).toBe('disconnected');
    expect(await taken(tenant)).toEqual(expect.arrayContaining(ids));
    // Nobody has credentials to read it any more.
    await fill(tenant, 1);
    await feedback.pull(tenant);
    expect(await taken(tenant)).toHaveLength(ids.length);
  });

  it('does so as well while its feedback is being removed', async () => {
    const tenant = await activeTenant();
    const ids = await fill(tenant, 2);
    await beginRemoval(tenant);
    const ending = end(tenant);
    await until('the worker is asked', () => isAsked(tenant));
    await feedback.pull(tenant);
    await ending;
    expect(await taken(tenant)).toEqual(expect.arrayContaining(ids));
    expect((await feedback.read(tenant)).status).toBe('removing');
  });

  it('goes on when no worker is there', async () => {
    const tenant = await activeTenant();
    expect((await end(tenant)).connection.status).toBe('disconnected');
  });

  it('waits for nothing where there is no queue', async () => {
    const tenant = await feedback.newTenant();
    expect((await end(tenant)).connection.status).toBe('disconnected');
    expect(pulls(tenant)).toBe(0);
    expect((await end(tenant)).connection.status).toBe('disconnected');
  });
});
