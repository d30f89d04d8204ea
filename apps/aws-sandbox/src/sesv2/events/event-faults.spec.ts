import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FeedbackFixture } from '../../testing/feedback-fixture.js';
import { Harness } from '../../testing/harness.js';

interface Shown {
  readonly pending: number;
  readonly published: number;
  readonly duplicated: number;
  readonly lost: number;
}

describe('faults of events', () => {
  let h: Harness;
  let f: FeedbackFixture;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    f = await FeedbackFixture.setUp(h);
    await f.reportToTopic();
  });

  const faults = (body: object) => h.adminOk<Shown>('PATCH', '/events', body);
  const shown = () => h.adminOk<Shown>('GET', '/events');
  /** One line per envelope, in the order the queue has them. */
  const lines = async (): Promise<string[]> =>
    (await f.envelopes()).map((envelope) => {
      const { eventType, mail } = JSON.parse(envelope['Message'] ?? '') as {
        eventType: string;
        mail: { tags: Record<string, string[]> };
      };
      return `${mail.tags['n']?.[0]} ${eventType}`;
    });
  const sendMany = async (count: number): Promise<string[]> => {
    for (let n = 0; n < count; n++)
      await f.send('complaint@simulator.amazonses.com', { EmailTags: [{ Name: 'n', Value: String(n) }] });
    return Array.from({ length: count }, (_, n) =>
      ['Send', 'Delivery', 'Complaint'].map((type) => `${n} ${type}`),
    ).flat();
  };

  it('keep everything back until it is flushed', async () => {
    await faults({ hold: true });
    const expected = await sendMany(2);
    expect(await shown()).toMatchObject({ pending: 6 });
    expect(await f.receiveAll()).toEqual([]);
    expect(await lines()).toEqual(expected);
    expect(await shown()).toMatchObject({ pending: 0 });
  });

  it('shuffle, duplicate and delay without losing any, the same way for the same seed', async () => {
    const run = async (seed: number): Promise<string[]> => {
      await faults({ duplicate: 0.2, shuffle: 0.2, delay: 0.2, delay_ms: [1000, 60_000], hold: true, seed });
      const expected = await sendMany(15);
      const got = await lines();
      expect([...new Set(got)].sort()).toEqual([...expected].sort());
      expect(got).not.toEqual(expected);
      return got;
    };
    const first = await run(7);
    expect(first.length).toBeGreaterThan(45);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  }, 30_000);

  it('duplicate as SNS does (one id) and as a second publication (another id)', async () => {
    await faults({ duplicate: 1, hold: true });
    await sendMany(8);
    const envelopes = await f.envelopes();
    expect(envelopes).toHaveLength(48);
    const ids = new Set(envelopes.map(({ MessageId }) => MessageId)).size;
    expect(ids).toBeGreaterThan(24);
    expect(ids).toBeLessThan(48);
  });

  it('lose what they are told to', async () => {
    await faults({ loss: 1 });
    await sendMany(2);
    expect(await lines()).toEqual([]);
    expect(await shown()).toMatchObject({ lost: 6 });
  });

  it('delay by the simulated clock', async () => {
    await faults({ delay_ms: [30_000, 30_000] });
    const expected = await sendMany(1);
    expect(await f.receiveAll()).toEqual([]);
    expect(await shown()).toMatchObject({ pending: 3 });
    await h.adminOk('POST', '/clock', { advance_seconds: 31 });
    while ((await shown()).pending > 0);
    const { length } = await f.receiveAll();
    expect(length).toBe(expected.length);
  });

  it('are refused when they make no sense, and gone after a reset', async () => {
    expect(await h.admin('PATCH', '/events', { duplicate: 2 })).toMatchObject({
      status: 400,
      body: { field: 'duplicate' },
    });
    expect(await h.admin('PATCH', '/events', { delay_ms: [2, 1] })).toMatchObject({ status: 400 });
    await faults({ loss: 1 });
    await h.adminOk('POST', '/reset');
    expect(await shown()).toMatchObject({ loss: 0, pending: 0 });
  });
});
