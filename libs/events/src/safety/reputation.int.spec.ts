import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ReadConnections, UpdateConnection } from '#libs/connections';
import type { LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { EventLab } from '../../../../test/support/event-lab.js';
import { bounce, complaint, delivery } from '../../../../test/support/ses-records.js';

describe('the reputation of a connection', () => {
  let lab: EventLab;
  let lane: LaneRows;
  const timestamp = new Date(Date.now() - 60_000).toISOString();

  beforeAll(async () => {
    lab = await EventLab.start(await freshDatabase(), { SESAME_REPUTATION_MINIMUM: '100' });
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);
  beforeEach(async () => {
    lane = await lab.lane();
    await lab.listen(lane.projectId, ['connection.reputation_warning', 'connection.paused']);
  });

  const happen = async (deliveries: number, bounces: number, complaints = 0, domain = 'example.net') => {
    const records = [
      ...Array.from({ length: deliveries }, () => delivery),
      ...Array.from({ length: bounces }, () => bounce),
      ...Array.from({ length: complaints }, () => complaint),
    ];
    await lab.fold(
      lane,
      await Promise.all(
        records.map(async (record, index) =>
          record({
            emailId: await lab.email(lane),
            messageId: `m-${index}-${Math.random()}`,
            destination: [`u${index}@${domain}`],
            timestamp,
          }),
        ),
      ),
    );
  };
  const connection = async () =>
    (await lab.get(ReadConnections).get(lane.projectId, lane.connectionId)).connection;
  const told = async () => (await lab.webhooks(lane.projectId)).map(({ type }) => type);

  it('is not judged by little mail', async () => {
    await happen(50, 40);
    expect(await connection()).toMatchObject({ status: 'active', isPaused: false });
    expect(await told()).toEqual([]);
  });

  it('is warned about once, then paused with the reason, and only a person resumes it', async () => {
    await happen(120, 4);
    expect(await told()).toEqual(['connection.reputation_warning']);
    await happen(10, 1);
    expect(await told()).toEqual(['connection.reputation_warning']);
    await happen(0, 3);
    expect(await told()).toEqual(['connection.reputation_warning', 'connection.paused']);
    expect(await connection()).toMatchObject({
      status: 'paused',
      isPaused: true,
      pausedReason: expect.stringContaining('8 bounces of mail to 138 recipients within 24 hours (5.8 %)'),
    });
    await happen(500, 0);
    expect((await connection()).status).toBe('paused');
    await lab
      .get(UpdateConnection)
      .execute(lane.projectId, lane.connectionId, { paused: false, actor: 'key:test' });
    expect(await connection()).toMatchObject({ status: 'active', isPaused: false, pausedReason: null });
    // What lies before is forgiven.
    await happen(20, 1);
    expect(await connection()).toMatchObject({ status: 'active' });
    const { rows } = await lab.database.query<{ action: string }>(
      'SELECT action FROM audit_entries WHERE project_id = $1 ORDER BY id',
      [lane.projectId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'connection.reputation_warned',
      'connection.paused',
      'connection.resumed',
    ]);
  });

  it('is paused for complaints', async () => {
    await happen(300, 0, 1);
    expect(await connection()).toMatchObject({
      status: 'paused',
      pausedReason: expect.stringContaining('1 complaints of mail to 300 recipients'),
    });
  });

  it('is not harmed by the mailbox simulator', async () => {
    await happen(100, 100, 100, 'simulator.amazonses.com');
    expect(await connection()).toMatchObject({ status: 'active' });
    expect(await told()).toEqual([]);
  });
});
